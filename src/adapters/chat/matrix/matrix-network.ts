import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { ChatNetwork, Incoming } from '../../../bot/chat-network.ts';
import { addressed } from '../../../bot/grammar/addressed.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import { Failure } from '../../../domain/failure.ts';
import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { backOff } from '../common/back-off.ts';
import { readAccessToken } from './access-token.ts';
import type { Encryption } from './encryption/encryption.ts';
import { openEncryption } from './encryption/open-encryption.ts';
import { createGate } from './gate.ts';
import { saidBy } from './homeserver.ts';
import { inWords } from './in-words.ts';
import { createListener, type Listener, type Place } from './listener.ts';
import { type LoggedIn, logIn } from './login.ts';
import { awayNow } from './matrix-failure.ts';
import { createRooms } from './rooms.ts';
import { senderOf } from './sender.ts';
import { createSpeaker } from './speaker.ts';
import { standingOn } from './standing-on.ts';
import { isAway, type SyncPlace, syncOnce, syncPlace } from './sync.ts';

export interface MatrixOptions {
  /** What people call the bot. */
  readonly name: string;
  readonly prefix: () => string;
  readonly url: URL;
  readonly tokenFile: string | undefined;
  /** Of the keys for encrypted rooms, on this machine. */
  readonly keysFolder: string | undefined;
  /** Whose people count; only the bot's own when absent. */
  readonly homeservers: readonly string[] | undefined;
  readonly inviters: readonly string[];
  /** Aliases or ids of rooms. */
  readonly channels: readonly string[];
  readonly secrets: SecretSource;
  readonly log: (message: string) => void;
}

const Invitation = z.object({
  type: z.literal('m.room.member'),
  state_key: z.string(),
  sender: z.string(),
  content: z.object({ membership: z.literal('invite') }),
});

const HELD_BACK_MS = 10_000;
const LAST_WORDS_MS = 2_000;

type Take = (incoming: Incoming) => Promise<void>;

interface Session extends Place {
  readonly homeservers: readonly string[];
  readonly listener: Listener;
  readonly place: SyncPlace;
  readonly login: LoggedIn;
}

/**
 * Matrix: vouches for the user id of an event, which the homeservers of the allow-list guarantee. What people did is kept before
 * the server is told that we have it, so that nothing is lost with a process and nothing counts twice.
 */
export function matrixNetwork(options: MatrixOptions, memory: ChatMemory): ChatNetwork {
  const { name, url, tokenFile, secrets } = options;
  const log = (message: string) => options.log(printable(message, 400));
  const gate = createGate();
  let stopped = new AbortController();
  /** Ends what is under way, after those who stop had a moment for their last words. */
  let cut = new AbortController();
  let running = Promise.resolve();
  let session: Session | undefined;
  let encryption: Encryption | undefined;
  const speaking = new Set<Promise<unknown>>();
  const speaker = createSpeaker({
    gate,
    session: () => session,
    writtenAs: (message) => session?.listener.writtenAs(message),
    log,
  });

  async function enter(take: Take): Promise<Session> {
    const token = await readAccessToken(tokenFile, secrets, stopped.signal);
    const login = await logIn({ url, token, signal: cut.signal });
    const { server, ownId, ownServer } = login;
    await encryption?.close();
    encryption = undefined;
    const opened = await openKeys(login);
    const { channels, inviters } = options;
    const homeservers = options.homeservers ?? [ownServer];
    const rooms = createRooms({ server, channels, inviters, log });
    await rooms.enter(performance.now());
    const listener = createListener({
      memory,
      take,
      senderOf: (userId) => senderOf(userId, homeservers),
      isCall: (text) => addressed(text, { prefix: options.prefix(), names: [name] }) !== undefined,
      deleted: speaker.deleted,
      now: () => Date.now(),
      log,
    });
    await listener.deliver({ rooms });
    const place = syncPlace(memory, ownId);
    return { server, ownId, rooms, homeservers, listener, place, login, encryption: opened };
  }

  async function openKeys(login: LoggedIn): Promise<Encryption | Failure> {
    const opened = await openEncryption(login, options.keysFolder);
    if (!(opened instanceof Failure)) encryption = opened;
    return opened;
  }

  /** A process that was there before us may be about to end. */
  async function withKeys(now: Session): Promise<Session> {
    const { encryption: before, login } = now;
    if (!(before instanceof Failure) || before.code !== 'matrix.keys-in-use') return now;
    return { ...now, encryption: await openKeys(login) };
  }

  async function keepSynced(take: Take, signal: AbortSignal): Promise<void> {
    let failures = 0;
    let awaySince: number | undefined;
    let trouble: string | undefined;
    const onAnswer = async () => {
      if (trouble !== undefined) log(`connected to ${url.host}`);
      trouble = undefined;
      failures = 0;
      if (awaySince !== undefined) await tellReturn(take, performance.now() - awaySince);
      awaySince = undefined;
      gate.open();
    };
    while (!signal.aborted) {
      const beganAt = performance.now();
      try {
        session = await withKeys(session ?? (await enter(take)));
        await followOn(session, gate.isOpen ? 'long' : 'none', onAnswer);
      } catch (problem) {
        if (signal.aborted) break;
        if (isAway(problem)) {
          gate.close();
          if (session !== undefined) awaySince ??= isTimeout(problem) ? beganAt : performance.now();
        }
        if (problem instanceof Failure && problem.code === 'matrix.login-refused')
          session = undefined;
        const said = inWords(problem);
        if (said !== trouble) log(said);
        trouble = said;
        await delay(backOff(failures++), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function followOn(
    now: Session,
    wait: 'none' | 'long',
    onAnswer: () => Promise<void>,
  ): Promise<void> {
    const { server, rooms, listener, place } = now;
    await rooms.enter(performance.now());
    await learnKeys(now);
    const { answer, since } = await syncOnce(server, await place.read(), wait);
    await learnKeys(now);
    await onAnswer();
    await listener.takeIn(answer, since, now);
    await place.keep(answer.next_batch);
    await listener.deliver(now);
    for (const [room, invitation] of Object.entries(answer.rooms?.invite ?? {})) {
      await rooms.invited(room, inviterIn(invitation.invite_state?.events ?? [], now.ownId));
    }
  }

  /**
   * Before a sync, since the server forgets the keys that came before what a sync asks for, and after it, since what it has
   * may need those that came meanwhile.
   */
  async function learnKeys({ encryption }: Session): Promise<void> {
    if (encryption instanceof Failure) return;
    await encryption.catchUp().catch((problem) => {
      // Rooms without encryption need none.
      if (saidBy(problem) === undefined) throw problem;
      log(inWords(problem));
    });
  }

  async function tellReturn(take: Take, awayMs: number): Promise<void> {
    gate.holdBack();
    const told = take({ kind: 'returned', awayMs, heardAll: true }).catch((problem) =>
      log(inWords(problem)),
    );
    await Promise.race([told, delay(HELD_BACK_MS, undefined, { ref: false })]);
  }

  async function whileSpeaking<Result>(work: Promise<Result>): Promise<Result> {
    speaking.add(work);
    try {
      return await work;
    } finally {
      speaking.delete(work);
    }
  }

  return {
    name: 'matrix',
    keeps: true,
    can: { edit: true, threads: true, reactions: true, files: true, formatting: 'markdown' },
    async start(take) {
      stopped = new AbortController();
      cut = new AbortController();
      gate.start();
      // What is missing on this machine is said at once; that the server is away is not our fault.
      await readAccessToken(tokenFile, secrets, stopped.signal);
      running = keepSynced(take, stopped.signal);
    },
    post: (message) => whileSpeaking(speaker.post(message)),
    edit: (ref, message) => whileSpeaking(speaker.edit(ref, message)),
    async reactionsOn(message) {
      if (session === undefined || !gate.isOpen) throw awayNow(message.channel);
      const { homeservers, rooms } = session;
      return standingOn(message, {
        ...session,
        rooms: rooms.allOf(message.channel),
        senderOf: (userId) => senderOf(userId, homeservers),
      });
    },
    async stop() {
      stopped.abort();
      await Promise.race([
        Promise.allSettled(speaking),
        delay(LAST_WORDS_MS, undefined, { ref: false }),
      ]);
      gate.stop();
      cut.abort();
      await running;
      await encryption?.close();
      encryption = undefined;
      session = undefined;
    },
  };
}

function isTimeout(problem: unknown): boolean {
  const { cause } = problem as { readonly cause?: unknown };
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}

/** Who is said to have sent the invitation. */
function inviterIn(events: readonly unknown[], ownId: string): string | undefined {
  const invitations = events.flatMap((event) => Invitation.safeParse(event).data ?? []);
  return invitations.find(({ state_key }) => state_key === ownId)?.sender;
}
