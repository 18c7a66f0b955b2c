import type { Incoming, Sender } from '../../../bot/chat-network.ts';
import { duration } from '../../../bot/narrator/in-words.ts';
import { Failure } from '../../../domain/failure.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { NewestOf } from '../common/newest-of.ts';
import type { Encryption } from './encryption/encryption.ts';
import { fillGap } from './fill-gap.ts';
import { Heard, hearEvent, hearUnreadable } from './heard.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { inWords } from './in-words.ts';
import { isOwnJoin, type RoomEvent, readEvents } from './room-event.ts';
import type { Rooms } from './rooms.ts';
import type { Written } from './speaker.ts';
import type { JoinedRoom, SyncAnswer } from './sync-answer.ts';

/** As long as an approval may be taken back. */
const REACTION_S = 30 * 24 * 60 * 60;

/** An older command may be about a world that is not so any more. */
const COMMAND_MS = 10 * 60_000;

const EDITED = {
  because: 'a message that was edited is no command',
  next: 'Type it as a new one.',
} as const;

const UNREADABLE = {
  because: 'what you sent could not be decrypted here, so nothing came of it',
  next: 'Send it again if it was for me; if that does not help, log out and in again, or ask in a room without encryption.',
} as const;

type Message = Extract<Incoming, { kind: 'message' }>;
type Reaction = Extract<Heard, { kind: 'reaction' }>;

export interface ListenerOptions {
  readonly memory: ChatMemory;
  readonly take: (incoming: Incoming) => Promise<void>;
  readonly senderOf: (userId: string) => Sender;
  /** Whether a message is for the bot. */
  readonly isCall: (text: string) => boolean;
  /** A message or reaction was deleted. */
  readonly deleted: (id: string) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

export interface Place {
  readonly server: Homeserver;
  readonly rooms: Rooms;
  readonly ownId: string;
  /** Or why there is none. */
  readonly encryption: Encryption | Failure;
}

export interface Listener {
  /** Keeps what is new in an answer; `since` is where we were, undefined at the very first time. */
  takeIn(answer: SyncAnswer, since: string | undefined, place: Place): Promise<void>;
  /** Brings what was kept and not dealt with, also by another process; in the order it was said. */
  deliver(place: Pick<Place, 'rooms'>): Promise<void>;
  writtenAs(message: string): Written | undefined;
}

/**
 * What people say, from the answers of the server to the bot: each once, kept before the server is told that we have it, and
 * forgotten when the bot has dealt with it.
 */
export function createListener(options: ListenerOptions): Listener {
  const { memory, take, senderOf, isCall, deleted, now, log } = options;
  const waiting = new Map<string, Heard>();
  const brought = new NewestOf<true>();
  /** The memory may not have taken note of it yet. */
  const dealtWith = new Set<string>();
  const written = new NewestOf<Written>();
  const answered = new NewestOf<string>();
  const toldAt = new NewestOf<number>();
  const unreadableAt = new NewestOf<number>();
  let isRecalled = false;

  async function hearRoom(
    room: string,
    { state, timeline }: JoinedRoom,
    since: string | undefined,
    place: Place,
  ): Promise<void> {
    const { server, rooms, ownId } = place;
    for (const event of readEvents(state?.events ?? [])) rooms.hear(room, event);
    if (timeline === undefined) return;
    const events = await withGap(room, timeline, since, { server, ownId });
    for (const event of events) if (event.state_key !== undefined) rooms.hear(room, event);
    // What was said before we were there, or before the bot was ever started, was not said to us.
    if (since === undefined) return;
    const joinedAt = events.findLastIndex((event) => isOwnJoin(event, ownId));
    for (const event of events.slice(joinedAt + 1)) {
      const heard = await hear(event, room, place);
      if (heard !== undefined) await keep(heard);
    }
  }

  async function hear(
    event: RoomEvent,
    room: string,
    { ownId, encryption }: Place,
  ): Promise<Heard | undefined> {
    const around = { room, ownId, now: now() };
    if (event.type !== 'm.room.encrypted') return hearEvent(event, around);
    // Why is said where the bot would have to say something there.
    if (event.sender === ownId || encryption instanceof Failure) return undefined;
    const opened = await encryption.decrypt(room, event);
    // Homeservers judge who may take back what, and of what is encrypted they cannot.
    if (opened?.type === 'm.room.redaction') return undefined;
    return opened === undefined ? hearUnreadable(event, around) : hearEvent(opened, around);
  }

  async function withGap(
    room: string,
    timeline: NonNullable<JoinedRoom['timeline']>,
    since: string | undefined,
    { server, ownId }: Pick<Place, 'server' | 'ownId'>,
  ): Promise<readonly RoomEvent[]> {
    const { events, limited, prev_batch: before } = timeline;
    const newest = readEvents(events);
    const isFirst = since === undefined || newest.some((event) => isOwnJoin(event, ownId));
    if (!limited || isFirst || before === undefined) return newest;
    try {
      const filled = await fillGap({ room, before, since }, server);
      if (!filled.whole) log(`${room}: too much was said meanwhile to read all of it`);
      return [...filled.events, ...newest];
    } catch (problem) {
      if (saidBy(problem) === undefined) throw problem;
      log(`${room}: ${inWords(problem)}`);
      return newest;
    }
  }

  /** What people tell each other is not. */
  async function keep(heard: Heard): Promise<void> {
    if (heard.kind === 'redaction') deleted(heard.redacts);
    if (heard.kind === 'message') {
      if (heard.replyTo !== undefined) answered.set(heard.id, heard.replyTo);
      if (!heard.unreadable && !isCall(heard.text)) return;
    }
    if (await memory.takeIn(heard.id, JSON.stringify(heard))) waiting.set(heard.id, heard);
    // It may have been kept by a call of which we never heard how it ended.
    else if (!brought.has(heard.id)) isRecalled = false;
  }

  async function recall(): Promise<void> {
    if (isRecalled) return;
    for (const { id, text } of await memory.waiting()) {
      if (brought.has(id)) continue;
      const heard = Heard.safeParse(JSON.parse(text)).data;
      // What came in since stands behind it.
      waiting.delete(id);
      if (heard === undefined) await memory.dealtWith(id);
      else waiting.set(id, heard);
    }
    isRecalled = true;
  }

  async function incomingOf(heard: Heard, rooms: Rooms): Promise<Incoming | undefined> {
    const ref = { channel: rooms.channelOf(heard.room), id: heard.id };
    const sender = senderOf(heard.sender);
    switch (heard.kind) {
      case 'message': {
        const { text, thread } = heard;
        written.set(heard.id, { sender: heard.sender, ...(thread && { thread }) });
        const refused = await refusalOf(heard);
        return { kind: 'message', ref, sender, text, ...(refused && { refused }) };
      }
      case 'reaction': {
        const { on, emoji } = heard;
        await memory.set(nameOf(heard.id), JSON.stringify(heard), REACTION_S);
        const quoted = answered.get(on);
        const about = { on: { channel: ref.channel, id: on }, emoji };
        const quotes = quoted && { quotes: { channel: ref.channel, id: quoted } };
        return { kind: 'reaction', change: 'added', ref, sender, ...about, ...quotes };
      }
      case 'redaction': {
        const taken = await reactionKnownAs(heard.redacts);
        if (taken === undefined) return undefined;
        const on = { channel: ref.channel, id: taken.on };
        const whose = senderOf(taken.sender);
        return { kind: 'reaction', change: 'removed', ref, sender: whose, on, emoji: taken.emoji };
      }
      default:
        return heard satisfies never;
    }
  }

  async function refusalOf(
    heard: Extract<Heard, { kind: 'message' }>,
  ): Promise<Message['refused']> {
    if (heard.unreadable) return unreadable(heard);
    return heard.edited ? EDITED : tooLate(heard);
  }

  /** Their author is told once in a while, however many came late. */
  async function tooLate({ sender, sentAt }: Heard): Promise<Message['refused']> {
    const ageMs = now() - sentAt;
    const isLost = sentAt <= (await memory.acceptedAt());
    if (ageMs <= COMMAND_MS && !isLost) return undefined;
    const isTold = now() - (toldAt.get(sender) ?? Number.NEGATIVE_INFINITY) < COMMAND_MS;
    if (!isTold) toldAt.set(sender, now());
    return {
      because: isLost
        ? 'that was typed before the store was accepted, and may have been done'
        : `that was typed ${duration(ageMs)} ago, and I hear it only now`,
      next: 'Type it again if it still holds.',
      ...(isTold && { quietly: true }),
    };
  }

  /** Their author is told once in a while: it may have been a command or an approval, or nothing for the bot. */
  function unreadable({ sender, sentAt }: Heard): Message['refused'] {
    const isOld = now() - sentAt > COMMAND_MS;
    const isTold = now() - (unreadableAt.get(sender) ?? Number.NEGATIVE_INFINITY) < COMMAND_MS;
    if (!isTold && !isOld) unreadableAt.set(sender, now());
    return { ...UNREADABLE, ...((isTold || isOld) && { quietly: true }) };
  }

  async function reactionKnownAs(id: string): Promise<Reaction | undefined> {
    const known = await memory.get(nameOf(id));
    const heard = known === undefined ? undefined : Heard.safeParse(JSON.parse(known)).data;
    return heard?.kind === 'reaction' ? heard : undefined;
  }

  /** What it could not deal with stays kept: a Failure passes, and of the rest is told whoever talks here next. */
  async function bring(heard: Heard, incoming: Incoming): Promise<void> {
    try {
      await take(incoming);
      dealtWith.add(heard.id);
      await forget();
    } catch (problem) {
      log(inWords(problem));
      if (problem instanceof Failure && !dealtWith.has(heard.id)) waiting.set(heard.id, heard);
    }
  }

  async function forget(): Promise<void> {
    for (const id of dealtWith) {
      await memory.dealtWith(id);
      dealtWith.delete(id);
    }
  }

  return {
    async takeIn(answer, since, place) {
      for (const [room, joined] of Object.entries(answer.rooms?.join ?? {})) {
        await hearRoom(room, joined, since, place);
      }
    },
    async deliver({ rooms }) {
      await recall();
      for (const [id, heard] of waiting) {
        const incoming = await incomingOf(heard, rooms);
        waiting.delete(id);
        brought.set(id, true);
        if (incoming === undefined) dealtWith.add(id);
        else void bring(heard, incoming);
      }
      await forget();
    },
    writtenAs: (message) => written.get(message),
  };
}

function nameOf(reaction: string): string {
  return `reaction ${reaction}`;
}
