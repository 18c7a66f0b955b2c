import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatNetwork, MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { Failure } from '../../../domain/failure.ts';
import { NewestOf } from '../common/newest-of.ts';
import { postedOnce } from '../common/posted-once.ts';
import { createEdits } from './edits.ts';
import type { Clear, Encryption } from './encryption/encryption.ts';
import type { Gate } from './gate.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { inWords } from './in-words.ts';
import { awayNow, roomEncrypted } from './matrix-failure.ts';
import { editContent, messageContent, type Place, relationTo } from './message-content.ts';
import type { Rooms } from './rooms.ts';
import { fileContent, isStanding, type Sending, sendEvent } from './sends.ts';
import { transactionOf } from './transaction.ts';

const REPLY_PATIENCE_MS = 120_000;
const AGAIN_MS = 1_000;
/** Instead of a message that a room refused. */
const LEFT_OUT = 'left out ';

/** What can be used once there is a login. */
export interface Session {
  readonly server: Homeserver;
  readonly rooms: Rooms;
  /** Or why there is none. */
  readonly encryption: Encryption | Failure;
}

/** Who wrote a message, and the thread it stands in. */
export interface Written {
  readonly sender: string;
  readonly thread?: string;
}

export interface SpeakerOptions {
  readonly gate: Gate;
  readonly session: () => Session | undefined;
  readonly writtenAs: (message: string) => Written | undefined;
  readonly log: (message: string) => void;
}

export interface Speaker {
  post(message: Outgoing): Promise<MessageRef>;
  edit(ref: MessageRef, message: Outgoing): Promise<Edited>;
  /** Somebody deleted a message. */
  deleted(message: string): void;
}

type Edited = Awaited<ReturnType<ChatNetwork['edit']>>;

interface Edit {
  readonly channel: string;
  readonly content: object;
  readonly transaction: string;
}

/**
 * Puts messages into rooms. A try that nobody saw the end of is repeated under the same name, so that it stands there once.
 * What a room refuses is logged and left out, so that the others hear theirs.
 */
export function createSpeaker({ gate, session, writtenAs, log }: SpeakerOptions): Speaker {
  // Two texts that are alike are two edits, also of another process.
  const process = randomUUID();
  let edited = 0;
  const posted = postedOnce();
  const roomsOfMessages = new NewestOf<string>();
  const newestInThread = new NewestOf<string>();
  const gone = new NewestOf<true>();
  const toldOf = new Set<string>();

  const edits = createEdits<Edit>(async (message, { channel, content, transaction }) => {
    const now = connected(channel);
    const { rooms } = now;
    const room = roomsOfMessages.get(message) ?? (await roomWith(message, channel));
    if (room === undefined || gone.has(message)) return 'gone';
    const sending = { room, type: 'm.room.message', content, transaction };
    const sent = await send(sending, channel, now).catch(leaveOut(channel));
    // Nothing can be said any more in a room that was upgraded.
    return sent === undefined && rooms.roomOf(channel) !== room ? 'gone' : 'stands';
  });

  /** Of one that an earlier process posted; undefined when it is not there any more. */
  async function roomWith(message: string, channel: string): Promise<string | undefined> {
    const { server, rooms } = connected(channel);
    for (const room of rooms.allOf(channel)) {
      if (!(await isStanding(server, room, message))) continue;
      roomsOfMessages.set(message, room);
      return room;
    }
    return undefined;
  }

  /** Encrypted where the room is; a room that cannot be written to is a Failure. */
  async function send(
    { transaction, ...clear }: Sending,
    channel: string,
    now: Session,
  ): Promise<string> {
    const sealed = await seal(clear, channel, now);
    return sendEvent(now.server, { ...sealed, transaction });
  }

  function connected(channel: string): Session {
    const now = session();
    if (now === undefined) throw awayNow(channel);
    return now;
  }

  /** What the server refuses would be refused again. */
  function leaveOut(channel: string) {
    return (problem: unknown): undefined => {
      if (!isFinal(problem)) throw problem;
      log(`${channel}: ${inWords(problem)}`);
    };
  }

  function placeOf({ to, thread }: Outgoing): Place {
    const written = to && writtenAs(to.id);
    const root = thread?.id ?? written?.thread;
    return {
      ...(to !== undefined && { answers: to.id }),
      ...(root !== undefined && { thread: { root, newest: newestInThread.get(root) ?? root } }),
    };
  }

  async function say(message: Outgoing): Promise<MessageRef> {
    const { channel, key } = message;
    const now = connected(channel);
    const { server, rooms } = now;
    const room = rooms.roomOf(channel);
    if (room === undefined) return leftOut(message, 'we are not in that room');
    const place = placeOf(message);
    const transaction = transactionOf(channel, key);
    try {
      const content = {
        ...(await contentOf(message, server, await hiding(room, channel, now))),
        ...mentionsIn(message),
        ...relationTo(place),
      };
      const sending = { room, type: 'm.room.message', content, transaction };
      const id = await send(sending, channel, now);
      roomsOfMessages.set(id, room);
      if (place.thread) newestInThread.set(place.thread.root, id);
      await offer(message, { room, id }, server);
      return { channel, id };
    } catch (problem) {
      if (!isFinal(problem)) throw problem;
      return leftOut(message, inWords(problem));
    }
  }

  /** Said in the log once for each room and reason. */
  function leftOut({ channel, key }: Outgoing, because: string): MessageRef {
    const what = `${channel}: ${because}`;
    if (!toldOf.has(what)) log(`not said in ${what}`);
    toldOf.add(what);
    return { channel, id: `${LEFT_OUT}${key}` };
  }

  function mentionsIn({ to }: Outgoing): object {
    const sender = to && writtenAs(to.id)?.sender;
    return { 'm.mentions': sender === undefined ? {} : { user_ids: [sender] } };
  }

  /** What can be pressed, so that nobody has to look for it. */
  async function offer(
    { channel, key, reactions = [] }: Outgoing,
    { room, id }: { readonly room: string; readonly id: string },
    server: Homeserver,
  ): Promise<void> {
    for (const emoji of reactions) {
      const relation = { rel_type: 'm.annotation', event_id: id, key: emoji };
      const content = { 'm.relates_to': relation };
      const transaction = transactionOf(channel, key, 'offer', emoji);
      await sendEvent(server, { room, type: 'm.reaction', content, transaction }).catch(
        leaveOut(channel),
      );
    }
  }

  async function sayWhenPossible(message: Outgoing): Promise<MessageRef> {
    const deadline = performance.now() + REPLY_PATIENCE_MS;
    for (;;) {
      await gate.pass(message);
      try {
        const ref = await say(message);
        posted.remember(message, ref);
        return ref;
      } catch (problem) {
        const isPatient = message.as === 'reply' && performance.now() < deadline;
        if (!isPatient || !isLost(problem)) throw problem;
        await delay(AGAIN_MS, undefined, { ref: false });
      }
    }
  }

  return {
    post: (message) => posted.once(message, sayWhenPossible),
    async edit({ channel, id }, message) {
      if (id.startsWith(LEFT_OUT)) return 'stands';
      await gate.pass(message);
      const content = editContent(id, messageContent(message));
      edited += 1;
      const transaction = transactionOf(process, String(edited));
      return edits.write(id, { channel, content, transaction });
    },
    deleted: (id) => void gone.set(id, true),
  };
}

/** With what the room is written to; undefined where it is not encrypted. */
async function hiding(
  room: string,
  channel: string,
  { rooms, encryption }: Session,
): Promise<Encryption | undefined> {
  if ((await rooms.encryptionOf(room)) === undefined) return undefined;
  if (encryption instanceof Failure) throw roomEncrypted(channel, encryption);
  return encryption;
}

async function seal(clear: Clear, channel: string, now: Session): Promise<Clear> {
  const { room } = clear;
  const how = await now.rooms.encryptionOf(room);
  const encryption = await hiding(room, channel, now);
  if (how === undefined || encryption === undefined) return clear;
  return { room, type: 'm.room.encrypted', content: await encryption.encrypt(clear, how) };
}

async function contentOf(
  message: Outgoing,
  server: Homeserver,
  encryption: Encryption | undefined,
): Promise<object> {
  const { file } = message;
  return file === undefined ? messageContent(message) : fileContent(server, file, encryption);
}

const FINAL: ReadonlySet<string> = new Set(['matrix.encrypted', 'matrix.odd-encryption']);

/** The same would come of it again. */
function isFinal(problem: unknown): boolean {
  if (problem instanceof Failure && FINAL.has(problem.code)) return true;
  return saidBy(problem) !== undefined;
}

function isLost(problem: unknown): boolean {
  return problem instanceof Failure && LOST.has(problem.code);
}

const LOST: ReadonlySet<string> = new Set(['matrix.no-connection', 'matrix.keys-closed']);
