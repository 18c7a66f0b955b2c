import { setTimeout as delay } from 'node:timers/promises';
import type { ChatNetwork, Incoming, MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { addressed } from '../../../bot/grammar/addressed.ts';
import { rootMessage } from '../../../domain/failure.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { postedOnce } from '../common/posted-once.ts';
import { boltLogger } from './bolt-logger.ts';
import { isPrivate, knowChannels } from './channels.ts';
import { readCredential } from './credentials.ts';
import { editorOf } from './edit-message.ts';
import { emojiOfName } from './emoji-names.ts';
import { asSender, type HearingOptions, hear, textOf } from './heard.ts';
import { type Inbox, openInbox } from './inbox.ts';
import { listenToSlack } from './listen.ts';
import { type LoggedIn, logIn } from './login.ts';
import { messageId, type Place } from './message-id.ts';
import { createOutbox } from './outbox.ts';
import { type Brought, readPayload } from './payload.ts';
import { askPeople } from './people.ts';
import { posterTo } from './post-message.ts';
import { reactionIds } from './reaction-ids.ts';
import { offerReactions, readReactions } from './reactions.ts';
import { shareFile } from './share-file.ts';
import { noAnswer } from './slack-failure.ts';
import type { SlackOptions } from './slack-options.ts';
import { rememberThreads } from './threads.ts';
import { openWebApi } from './web-api.ts';

type Take = (incoming: Incoming) => Promise<void>;

/** From one start to the next stop. */
export interface Connection extends Required<Pick<ChatNetwork, 'post' | 'edit' | 'reactionsOn'>> {
  close(): Promise<void>;
}

const AWAY_MS = 5_000;
const ANSWER_MS = 120_000;
const PATIENCE_MS = 30_000;
const GIVE_UP_MS = 120_000;
/** What was said before we were back waits at most so long for the word that we are. */
const HELD_BACK_MS = 10_000;
const LAST_WORDS_MS = 2_000;
const LOGIN_MS = 10_000;
const BEFORE_ACCEPTED = 'that came before the store was accepted, and may have been done';

/** Throws a Failure for what is missing on this machine. */
export async function openConnection(
  options: SlackOptions,
  memory: ChatMemory,
  take: Take,
): Promise<Connection> {
  const { secrets, log, tempo = 1, awayMs = AWAY_MS, pace } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const logger = boltLogger(log);
  const token = await readCredential(
    { name: 'bot-token', file: options.botTokenFile },
    secrets,
    signal,
  );
  const api = openWebApi({ url: options.api, token, logger, signal });
  const clock = () => performance.now();
  const channels = knowChannels(api, options.channels, clock);
  const people = askPeople(api, options.team, clock);
  const reactions = reactionIds(memory);
  const threads = rememberThreads();
  const posted = postedOnce();
  let line: 'open' | 'first' | 'closed' = 'closed';
  const ready = Promise.withResolvers<LoggedIn>();
  let inbox: Inbox | undefined;

  const waiting = { tempo, signal, patienceMs: PATIENCE_MS };
  const outbox = createOutbox({
    ...waiting,
    tryPost: posterTo({ api, channels, memory, threadOf: threads.of, log }),
    line: () => line,
    everyMs: pace.postEveryMs,
    awayMs,
    answerMs: ANSWER_MS,
    giveUpMs: GIVE_UP_MS * tempo,
    log,
  });
  const edit = editorOf({ ...waiting, api, everyMs: pace.editEveryMs, log });

  async function prepare(): Promise<Inbox> {
    const own = await logIn(api, options.team);
    await reactions.load();
    await channels.look();
    for (const channel of channels.missing()) log(`the app is not in ${channel}: /invite it`);
    const { name, prefix } = options;
    inbox ??= inboxOf({ own, name, prefix, people, channels, reactions, now: Date.now });
    ready.resolve(own);
    await inbox.resume();
    return inbox;
  }

  function inboxOf(hearing: HearingOptions): Inbox {
    return openInbox({
      memory,
      read: (body) => read(body, hearing),
      respond: (brought) => responseTo(brought, hearing),
      hear: (brought, at) => heardAs(brought, at, hearing),
      take,
      tell: (brought, refused) => tell(brought, refused, hearing),
      now: hearing.now,
      tempo,
      log,
    });
  }

  async function heardAs(brought: Brought, at: number, hearing: HearingOptions) {
    const isLost = at <= (await memory.acceptedAt());
    const incoming = await hear(brought, isLost ? { refused: BEFORE_ACCEPTED } : { at }, hearing);
    if (incoming?.kind === 'message' && brought.kind === 'message') {
      threads.remember(incoming.ref.id, brought.thread);
    }
    return incoming;
  }

  async function tell(brought: Brought, refused: string, hearing: HearingOptions): Promise<void> {
    const incoming = await hear(brought, { refused }, hearing);
    if (incoming !== undefined) await take(incoming);
  }

  /** Who we are; a Failure while Slack does not say so. */
  async function loggedIn(): Promise<LoggedIn> {
    const late = delay(LOGIN_MS * tempo, undefined, { signal, ref: false }).catch(() => undefined);
    const own = await Promise.race([ready.promise, late]);
    if (own === undefined) throw noAnswer('who we are', 'it has not said so yet');
    return own;
  }

  function opened(awayMs: number | undefined): void {
    if (awayMs === undefined) line = 'open';
    else void tellReturn(awayMs);
  }

  async function tellReturn(awayMs: number): Promise<void> {
    line = 'first';
    const told = take({ kind: 'returned', awayMs }).catch((problem) => log(rootMessage(problem)));
    await Promise.race([told, delay(HELD_BACK_MS, undefined, { ref: false })]);
    if (line === 'first') line = 'open';
  }

  async function say(message: Outgoing): Promise<MessageRef> {
    const { channel, as } = message;
    const isFirst = line === 'first' && as === 'notice';
    const place = await outbox.post(message, { isFirst });
    if (place === undefined) return { channel, id: `left out ${message.key}` };
    const ref = { channel, id: messageId(place) };
    threads.remember(ref.id, threads.of(message));
    posted.remember(message, ref);
    void addTo(place, message).catch((problem) => log(rootMessage(problem)));
    return ref;
  }

  async function addTo(place: Place, { as, reactions = [], file, channel, key }: Outgoing) {
    if (as === 'prompt') {
      const refused = await offerReactions(api, place, reactions);
      for (const error of refused) log(`a reaction is not offered: ${error}`);
    }
    if (file === undefined) return;
    const why = await shareFile(api, file, place);
    if (why === undefined) return;
    const lines = [`${file.name} could not be shared: ${why}`];
    const thread = { channel, id: messageId(place) };
    await say({ channel, key: `${key} without its file`, as: 'notice', lines, thread });
  }

  const listening = await listenToSlack({
    ...options,
    prepare,
    opened,
    closed: () => {
      line = 'closed';
    },
    tempo,
    logger,
    log,
    signal,
  });

  return {
    post: (message) => posted.once(message, say),
    edit,
    async reactionsOn(ref) {
      const { user: own } = await loggedIn();
      const standing = await readReactions(api, ref, own);
      return Promise.all(
        standing.map(async (given) => ({
          ref: { channel: ref.channel, id: reactions.idOf(given) },
          sender: asSender(await people.who(given.user, 'fresh'), given.user, options),
          emoji: emojiOfName(given.name),
        })),
      );
    },
    async close() {
      inbox?.stop();
      const settled = Promise.resolve(inbox?.settle());
      await Promise.race([settled, delay(LAST_WORDS_MS * tempo, undefined, { ref: false })]);
      stopped.abort();
      outbox.stop();
      await listening.ended;
    },
  };
}

async function read(body: unknown, hearing: HearingOptions): Promise<Brought | undefined> {
  const brought = readPayload(body, hearing.own);
  if (brought !== undefined) await hearing.channels.hearOf(brought.channel);
  return concerning(brought, hearing);
}

/** What is said in a channel is for us when it calls us. */
function concerning(
  brought: Brought | undefined,
  { channels, own, name, prefix }: HearingOptions,
): Brought | undefined {
  if (brought === undefined || brought.kind === 'slash') return brought;
  if (channels.nameOf(brought.channel) === undefined) return undefined;
  if (brought.kind !== 'message' || isPrivate(brought.channel)) return brought;
  const call = addressed(textOf(brought, { own, name, prefix }), {
    prefix: prefix(),
    names: [name],
  });
  return call && brought;
}

/** A command in a channel of ours is shown to those who are in it. */
function responseTo(brought: Brought, { channels }: HearingOptions) {
  if (brought.kind !== 'slash') return undefined;
  if (channels.nameOf(brought.channel) !== undefined) {
    return { response: { response_type: 'in_channel' } };
  }
  const text =
    'This is none of the channels that I work in; use one of those, or write to me alone.';
  return { response: { response_type: 'ephemeral', text }, refused: true } as const;
}
