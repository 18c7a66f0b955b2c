import type { Journal } from '../../jobs/journal/journal.ts';
import type { Bot } from '../bot.ts';
import type { ChatNetwork, Incoming } from '../chat-network.ts';
import { openConversation, type Take } from '../conversation.ts';
import { startAnnouncingGlass } from '../glass/announce-glass.ts';
import { createAbsences } from '../narrator/absences.ts';
import { type NarratorOptions, startNarrator } from '../narrator/narrator.ts';
import { startThreadNarrator, type ThreadNarratorOptions } from '../narrator/thread-narrator.ts';
import { type RemindQuarantineOptions, startRemindingOfQuarantine } from '../remind-quarantine.ts';
import { type Comparing, startComparingReactions } from '../standing-reactions.ts';
import { startWatchingStore, type ToldOfStore } from '../watch-store.ts';
import { type Duty, type DutyCheck, DutyLost } from './hold-duty.ts';
import { createInHand } from './in-hand.ts';
import { startTellingOfSilence } from './tell-silence.ts';

/** Who was taken in is answered before the bot leaves, if that takes no longer. */
const LAST_ANSWERS_MS = 5_000;

export interface TalkOptions
  extends Omit<NarratorOptions, 'absences'>,
    Pick<ThreadNarratorOptions, 'threads' | 'operations' | 'zones'> {
  readonly bot: Bot;
  /** How often it is said again that a host is in quarantine. */
  readonly quarantineEveryMs: () => number;
}

/**
 * To talk on a network is one bot's at a time, and only that one is connected: a network that gives each connection a
 * part of the messages gives it all, and one without ids of messages gives each once.
 */
export function talkOn(options: TalkOptions): Duty {
  const { network } = options;
  const told: ToldOfStore = { readOnly: undefined };
  return {
    name: `talk on ${network.name}`,
    async begin(check, { silentMs = 0 }) {
      const fenced = fencedNetwork(network, check);
      const absences = createAbsences();
      const clock = () => performance.now();
      const take = openConversation({ ...options, network: fenced, absences, clock });
      let comparing: Comparing | undefined;
      const inHand = createInHand();
      const bringing = (incoming: Incoming) => inHand.add(hear(take, incoming, { check, network }));
      try {
        await network.start(async (incoming) => {
          await bringing(incoming);
          if (incoming.kind === 'returned') comparing?.again();
        });
      } catch (problem) {
        await network.stop();
        throw problem;
      }
      const journal = fencedJournal(options.journal, check);
      const report = unlessLost(options.report);
      const telling = { ...options, network: fenced, journal, report, absences };
      const narrators = [startNarrator(telling), startThreadNarrator(telling)];
      const { readOnly } = options.bot;
      const watching = startWatchingStore({ ...telling, readOnly, told });
      const { glass } = options.bot;
      const prefix = () => options.facts.prefix;
      const announcing = startAnnouncingGlass({ ...telling, glass, prefix });
      const reminding = startRemindingOfQuarantine(remindingOf(telling));
      comparing = startComparingReactions({ ...telling, take: bringing });
      const { timeScale } = options.facts;
      const silence = startTellingOfSilence({ ...telling, timeScale }, silentMs);
      const others = [watching, announcing, reminding, comparing, silence];
      return async () => {
        if (await isHeld(check)) await inHand.settled(LAST_ANSWERS_MS);
        await network.stop();
        await Promise.all([...narrators, ...others].map((each) => each.stop()));
      };
    },
  };
}

function remindingOf(options: TalkOptions): RemindQuarantineOptions {
  const { bot, quarantineEveryMs: everyMs } = options;
  const { inventory, now, prefix } = bot;
  return { ...options, inventory, now, prefix, everyMs };
}

interface Hearing {
  readonly check: DutyCheck;
  readonly network: ChatNetwork;
}

/** What is still brought to a bot that has lost its network is for the one that has it. */
async function hear(take: Take, incoming: Incoming, { check, network }: Hearing): Promise<void> {
  try {
    await check();
    await take(incoming);
  } catch (problem) {
    if (!(problem instanceof DutyLost) || network.keeps) throw problem;
  }
}

function isHeld(check: DutyCheck): Promise<boolean> {
  return check().then(
    () => true,
    () => false,
  );
}

/** A bot that was frozen and wakes up says nothing more. */
function fencedNetwork(network: ChatNetwork, check: DutyCheck): ChatNetwork {
  const { reactionsOn } = network;
  return {
    name: network.name,
    can: network.can,
    ...(network.private && { private: true }),
    ...(reactionsOn && { reactionsOn: (ref) => reactionsOn.call(network, ref) }),
    ...(network.keeps && { keeps: true }),
    start: (take) => network.start(take),
    stop: () => network.stop(),
    async post(message) {
      await check();
      return network.post(message);
    },
    async edit(ref, message) {
      await check();
      return network.edit(ref, message);
    },
  };
}

/** How far a network was told of is for the bot to say that tells it. */
function fencedJournal(journal: Journal, check: DutyCheck): Journal {
  return {
    ...journal,
    async saveCursor(reader, cursor) {
      await check();
      await journal.saveCursor(reader, cursor);
    },
  };
}

function unlessLost(report: (problem: unknown) => void): (problem: unknown) => void {
  return (problem) => {
    if (!(problem instanceof DutyLost)) report(problem);
  };
}
