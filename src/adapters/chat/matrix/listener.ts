import type { Incoming, Sender } from '../../../bot/chat-network.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { fillGap } from './fill-gap.ts';
import { Heard, hearEvent } from './heard.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { inWords } from './in-words.ts';
import { NewestOf } from './newest-of.ts';
import { isOwnJoin, type RoomEvent, readEvents } from './room-event.ts';
import type { Rooms } from './rooms.ts';
import type { Written } from './speaker.ts';
import type { JoinedRoom, SyncAnswer } from './sync-answer.ts';

/** As long as an approval may be taken back. */
const REACTION_S = 30 * 24 * 60 * 60;

type Reaction = Extract<Heard, { kind: 'reaction' }>;

export interface ListenerOptions {
  readonly memory: ChatMemory;
  readonly take: (incoming: Incoming) => Promise<void>;
  readonly senderOf: (userId: string) => Sender;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

export interface Place {
  readonly server: Homeserver;
  readonly rooms: Rooms;
  readonly ownId: string;
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
  const { memory, take, senderOf, now, log } = options;
  const waiting = new Map<string, Heard>();
  const written = new NewestOf<Written>();
  const answered = new NewestOf<string>();
  let isRecalled = false;

  async function hearRoom(
    room: string,
    { state, timeline }: JoinedRoom,
    since: string | undefined,
    { server, rooms, ownId }: Place,
  ): Promise<void> {
    for (const event of readEvents(state?.events ?? [])) rooms.hear(room, event);
    if (timeline === undefined) return;
    const events = await withGap(room, timeline, since, { server, ownId });
    for (const event of events) if (event.state_key !== undefined) rooms.hear(room, event);
    // What was said before we were there, or before the bot was ever started, was not said to us.
    if (since === undefined) return;
    const joinedAt = events.findLastIndex((event) => isOwnJoin(event, ownId));
    for (const event of events.slice(joinedAt + 1)) {
      const heard = hearEvent(event, { room, ownId, now: now() });
      if (heard !== undefined) await keep(heard);
    }
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

  async function keep(heard: Heard): Promise<void> {
    if (await memory.takeIn(heard.id, JSON.stringify(heard))) waiting.set(heard.id, heard);
  }

  async function recall(): Promise<void> {
    if (isRecalled) return;
    for (const { id, text } of await memory.waiting()) {
      const heard = Heard.safeParse(JSON.parse(text)).data;
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
        const { text, edited, thread, replyTo } = heard;
        written.set(heard.id, { sender: heard.sender, ...(thread && { thread }) });
        if (replyTo !== undefined) answered.set(heard.id, replyTo);
        const ageMs = Math.max(0, now() - heard.sentAt);
        return { kind: 'message', ref, sender, text, ageMs, ...(edited && { edited }) };
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

  async function reactionKnownAs(id: string): Promise<Reaction | undefined> {
    const known = await memory.get(nameOf(id));
    const heard = known === undefined ? undefined : Heard.safeParse(JSON.parse(known)).data;
    return heard?.kind === 'reaction' ? heard : undefined;
  }

  /** What it could not deal with stays kept, for whoever talks here next. */
  async function bring(id: string, incoming: Incoming): Promise<void> {
    try {
      await take(incoming);
      await memory.dealtWith(id);
    } catch (problem) {
      log(inWords(problem));
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
        if (incoming === undefined) await memory.dealtWith(id);
        else void bring(id, incoming);
      }
    },
    writtenAs: (message) => written.get(message),
  };
}

function nameOf(reaction: string): string {
  return `reaction ${reaction}`;
}
