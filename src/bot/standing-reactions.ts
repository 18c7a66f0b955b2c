import { rootMessage } from '../domain/failure.ts';
import type { Entry } from '../jobs/model/event.ts';
import { knownEvent } from '../jobs/model/event.ts';
import { isSameSubject } from '../jobs/model/same-subject.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork, MessageRef, StandingReaction } from './chat-network.ts';
import type { Take } from './conversation.ts';
import { sleep } from './feed/sleep.ts';
import { channelsPossible } from './narrator/channels.ts';
import type { Messages } from './narrator/messages.ts';
import { nameIn } from './narrator/say-once.ts';
import { type Asked, askedKey, askedNow } from './narrator/subject-key.ts';
import type { Operation } from './operations.ts';
import { readReactedKey } from './reacted-key.ts';

/** Of the open operations the newest; whoever waits for longer is asked again by a reminder. */
const LOOKED_AT = 500;
const FIRST_RETRY_MS = 2_000;
const SLOWEST_RETRY_MS = 60_000;

export interface StandingOptions {
  readonly bot: Bot;
  readonly network: ChatNetwork;
  readonly messages: Messages;
  readonly take: Take;
  readonly report: (problem: unknown) => void;
}

export interface Comparing {
  /** Compares once more. */
  again(): void;
  stop(): Promise<void>;
}

/**
 * Compares what stands under open questions with what is on record, now and whenever asked: what was pressed while nobody
 * could hear it counts, and what was taken back is withdrawn. Tries until it could; what one question lacks holds up no other.
 */
export function startComparingReactions(options: StandingOptions): Comparing {
  const stopped = new AbortController();
  let wanted = Promise.withResolvers<void>();
  const { signal } = stopped;
  const troubles = createTroubles((problem) => {
    if (!signal.aborted) options.report(problem);
  });
  const running = (async () => {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      wanted = Promise.withResolvers();
      const { failed } = troubles;
      await compareReactions({ ...options, failed, signal }).catch(failed);
      if (troubles.roundEnds() === 'none') {
        await wanted.promise;
        retryMs = FIRST_RETRY_MS;
      } else {
        await Promise.race([sleep(retryMs, signal), wanted.promise]);
        retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS);
      }
    }
  })();
  return {
    again: () => wanted.resolve(),
    async stop() {
      stopped.abort();
      wanted.resolve();
      await running;
    },
  };
}

interface Troubles {
  readonly failed: (problem: unknown) => void;
  /** Whether there were any in the round. */
  roundEnds(): 'none' | 'some';
}

/** Reports what goes wrong in a round, unless just that went wrong in the one before. */
function createTroubles(report: (problem: unknown) => void): Troubles {
  let before = new Set<string>();
  let said = new Set<string>();
  return {
    failed(problem) {
      const words = rootMessage(problem);
      if (!before.has(words) && !said.has(words)) report(problem);
      said.add(words);
    },
    roundEnds() {
      before = said;
      said = new Set();
      return before.size === 0 ? 'none' : 'some';
    },
  };
}

interface Round extends Omit<StandingOptions, 'report'> {
  readonly failed: (problem: unknown) => void;
  readonly signal: AbortSignal;
}

async function compareReactions(round: Round): Promise<void> {
  if (round.network.reactionsOn === undefined) return;
  const open = await round.bot.operations.open();
  for (const operation of await open.newest(LOOKED_AT)) {
    const asked = askedNow(operation.state);
    if (round.signal.aborted) return;
    if (asked !== undefined) await compareOne(operation, asked, round);
  }
}

async function compareOne(operation: Operation, asked: Asked, round: Round): Promise<void> {
  const entries = await round.bot.journal.read(operation.ref);
  const questions: MessageRef[] = [];
  const standing = new Map<string, StandingReaction>();
  for (const on of await questionsOf(operation, asked, entries, round)) {
    try {
      for (const reaction of await takeStanding(on, round)) standing.set(reaction.ref.id, reaction);
      questions.push(on);
    } catch (problem) {
      round.failed(problem);
    }
  }
  await takeBack(entries, asked, { questions, standing }, round).catch(round.failed);
}

/** All that stand there; what was dealt with before is not brought again. */
async function takeStanding(
  on: MessageRef,
  { network, messages, take }: Round,
): Promise<readonly StandingReaction[]> {
  const standing = (await network.reactionsOn?.(on)) ?? [];
  for (const reaction of standing) {
    if ((await messages.subjectOf(network.name, reaction.ref.id)) !== undefined) continue;
    await take({ kind: 'reaction', change: 'added', on, ...reaction });
  }
  return standing;
}

/** The messages that ask it on this network, reminders too. */
async function questionsOf(
  { state }: Operation,
  asked: Asked,
  entries: readonly Entry[],
  { bot, network, messages }: Round,
): Promise<readonly MessageRef[]> {
  const key = askedKey(asked);
  const reminders = entries.filter((entry) => knownEvent(entry)?.kind === 'reminded');
  const keys = [key, ...reminders.map(({ seq }) => `${key} reminder ${seq}`)];
  const channels = channelsPossible(state, network.name, bot.channels());
  const questions: MessageRef[] = [];
  for (const channel of channels) {
    for (const one of keys) {
      const id = await messages.find(network.name, nameIn(channel, one));
      if (id !== undefined) questions.push({ channel, id });
    }
  }
  return questions;
}

interface Found {
  /** Those of which it is known what stands under them. */
  readonly questions: readonly MessageRef[];
  readonly standing: ReadonlyMap<string, StandingReaction>;
}

/** Approvals that were given by a reaction which is not there any more. */
async function takeBack(
  entries: readonly Entry[],
  asked: Asked,
  { questions, standing }: Found,
  { network, messages, take }: Round,
): Promise<void> {
  for (const source of approvalSources(entries, asked, network.name)) {
    if (standing.has(source)) continue;
    const reacted = readReactedKey((await messages.subjectOf(network.name, source)) ?? '');
    const on = questions.find(({ id }) => id === reacted?.on);
    if (reacted === undefined || on === undefined) continue;
    const { account, emoji } = reacted;
    const sender = { id: account, shown: account };
    const ref = { channel: on.channel, id: `${source} taken back` };
    await take({ kind: 'reaction', change: 'removed', ref, sender, on, emoji });
  }
}

/** By which messages on the network those approved whose approvals count now. */
function approvalSources(
  entries: readonly Entry[],
  asked: Asked,
  network: string,
): readonly string[] {
  if (asked.kind !== 'approval') return [];
  const sources = new Map<string, Entry['source']>();
  for (const entry of entries) {
    const event = knownEvent(entry);
    if (event?.kind !== 'approved' && event?.kind !== 'withdrawn') continue;
    if (entry.unvouched !== undefined || !isSameSubject(event.subject, asked.subject)) continue;
    if (event.kind === 'approved') sources.set(entry.by, entry.source);
    else sources.delete(entry.by);
  }
  return [...sources.values()].flatMap((source) =>
    source?.network === network ? [source.message] : [],
  );
}
