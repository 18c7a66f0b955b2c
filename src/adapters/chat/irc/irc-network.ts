import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { IrcMessage, PrivmsgEvent } from 'irc-framework';
import type { ChatNetwork, Incoming, MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { backOff } from '../common/back-off.ts';
import { postedOnce } from '../common/posted-once.ts';
import { rememberAskers } from './askers.ts';
import { type Channels, keepChannels } from './channels.ts';
import type { Pace } from './flood-budget.ts';
import { hearMessage } from './hear-message.ts';
import { type Link, type LinkEnd, openLink, type Server, serverName } from './link.ts';
import { type Login, readCredentials } from './login.ts';
import { keepNick, type NickKeeper } from './nick-keeper.ts';
import { createSpeaker } from './speaker.ts';

export interface IrcOptions {
  readonly server: Server;
  readonly nick: string;
  /** For people who look us up. */
  readonly realName: string;
  readonly login: Login;
  /** Authorities in PEM; the machine's own when absent. */
  readonly caFile?: string;
  readonly channels: readonly string[];
  readonly pace: Pace;
  readonly secrets: SecretSource;
  readonly log: (message: string) => void;
  readonly pingPatienceS?: number;
}

/** What was said before we were back waits at most so long for the word that we are. */
const HELD_BACK_MS = 10_000;
const LAST_WORDS_MS = 2_000;

type Take = (incoming: Incoming) => Promise<void>;

/**
 * IRC: vouches for the account of services that a message itself carries, and for nothing else. It connects by itself, again
 * and again; what is to be said meanwhile waits, and what arrived is not said twice.
 */
export function ircNetwork(options: IrcOptions): ChatNetwork {
  const { channels, secrets, login, caFile } = options;
  const log = (message: string) => options.log(printable(message, 400));
  // Ids are not used again by another process: a message counts once in a journal that outlives us.
  const session = randomUUID().slice(0, 8);
  let count = 0;
  const newId = () => `${session}-${++count}`;
  const posted = postedOnce();
  const askers = rememberAskers();
  const warned = new Set<string>();
  let stopped = new AbortController();
  let running = Promise.resolve();
  let live: { link: Link; channels: Channels; nick: NickKeeper } | undefined;
  let isReturning = false;

  const isChannel = (target: string) => /^[#&+!]/.test(target);
  const speaker = createSpeaker({
    pace: options.pace,
    log,
    newId,
    isChannel,
    isOpen: (target) => !isChannel(target) || live?.channels.isIn(target) === true,
  });

  const credentials = () => readCredentials(login, caFile, secrets, stopped.signal);

  async function keepConnected(take: Take, signal: AbortSignal): Promise<void> {
    let failures = 0;
    let lostAt: number | undefined;
    let trouble: string | undefined;
    while (!signal.aborted) {
      try {
        const link = await connect(take);
        if (trouble !== undefined) log(`connected to ${serverName(options.server)}`);
        failures = 0;
        const end = await liveOn(link, take, lostAt, signal);
        trouble = end.why;
        lostAt = end.since;
        if (!signal.aborted) log(`connection lost: ${trouble}`);
      } catch (problem) {
        const said = inWords(problem);
        if (said !== trouble) log(said);
        trouble = said;
      }
      await delay(backOff(failures++), undefined, { signal }).catch(() => undefined);
    }
  }

  async function connect(take: Take): Promise<Link> {
    return openLink({
      ...options.server,
      nick: options.nick,
      realName: options.realName,
      credentials: await credentials(),
      hear,
      hearPrivmsg: (event) => hearPrivmsg(event, take),
      signal: stopped.signal,
      report: (problem) => log(`a line of the server was not understood: ${rootMessage(problem)}`),
      ...(options.pingPatienceS !== undefined && { pingPatienceS: options.pingPatienceS }),
    });
  }

  /** Settles once it ended. */
  async function liveOn(
    link: Link,
    take: Take,
    lostAt: number | undefined,
    signal: AbortSignal,
  ): Promise<LinkEnd> {
    const { command } = speaker;
    speaker.connected(link);
    const nick = keepNick(options.nick, link, command);
    const inside = keepChannels({ wanted: channels, link, command, joined, log });
    live = { link, channels: inside, nick };
    const leave = () => void sayGoodbye(link);
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    if (lostAt !== undefined) void tellReturn(take, performance.now() - lostAt);
    const end = await link.ended;
    signal.removeEventListener('abort', leave);
    live = undefined;
    speaker.disconnected();
    nick.stop();
    inside.stop();
    return end;
  }

  async function sayGoodbye(link: Link): Promise<void> {
    await speaker.settle(LAST_WORDS_MS);
    await link.leave();
  }

  async function tellReturn(take: Take, awayMs: number): Promise<void> {
    isReturning = true;
    speaker.holdBack(true);
    const told = take({ kind: 'returned', awayMs }).catch((problem) => log(inWords(problem)));
    await Promise.race([told, delay(HELD_BACK_MS, undefined, { ref: false })]);
    isReturning = false;
    speaker.holdBack(false);
  }

  function joined(channel: string): void {
    speaker.wake();
    if (live?.link.can('account-tag') !== false || warned.has(channel)) return;
    warned.add(channel);
    const lines = [
      'this server does not say who sends a message (it lacks account-tag), so from here I only answer what anybody may ask',
    ];
    speaker
      .say({ channel, key: `read-only in ${channel}`, as: 'notice', lines })
      .catch(() => undefined);
  }

  function hear(message: IrcMessage): void {
    if (live === undefined) return;
    live.channels.hear(message);
    live.nick.hear(message);
    speaker.hear(message);
  }

  function hearPrivmsg(event: PrivmsgEvent, take: Take): void {
    if (live === undefined || stopped.signal.aborted) return;
    const { link } = live;
    const message = hearMessage(event, {
      ownNick: link.nick,
      vouches: link.can('account-tag'),
      channels,
      isSame: link.isSame,
      now: Date.now(),
      toOurClock: link.toOurClock,
      newId,
    });
    if (message === undefined) return;
    askers.remember(message);
    take(message).catch((problem) => log(inWords(problem)));
  }

  async function say(message: Outgoing): Promise<MessageRef> {
    const { channel } = message;
    if (askers.isToldAlready(message, performance.now())) return { channel, id: newId() };
    const isFirst = isReturning && message.as === 'notice';
    const ref = await speaker.say(message, { asker: askers.of(message), isFirst });
    posted.remember(message, ref);
    return ref;
  }

  return {
    name: 'irc',
    can: { edit: false, threads: false, reactions: false, files: false, formatting: 'plain' },
    async start(take) {
      stopped = new AbortController();
      // What is missing on this machine is said at once; that the server is away is not our fault.
      await credentials();
      running = keepConnected(take, stopped.signal);
    },
    post: (message) => posted.once(message, say),
    async edit() {
      throw new TypeError('IRC cannot edit what was said');
    },
    async stop() {
      stopped.abort();
      await running;
      speaker.stop();
    },
  };
}

function inWords(problem: unknown): string {
  return problem instanceof Failure ? `${problem.message}. ${problem.next}` : rootMessage(problem);
}
