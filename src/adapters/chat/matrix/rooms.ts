import * as z from 'zod';
import type { RoomEncryption } from './encryption/encryption.ts';
import { roomEncryptionIn } from './encryption/room-encryption.ts';
import { type Homeserver, saidBy } from './homeserver.ts';
import { inWords } from './in-words.ts';
import type { RoomEvent } from './room-event.ts';

const AGAIN_MS = 30_000;
const MOST_UPGRADES = 20;

const RoomId = z.object({ room_id: z.string() });
const Tombstone = z.object({ replacement_room: z.string() });
const Creation = z.object({
  predecessor: z.object({ room_id: z.string() }).optional().catch(undefined),
});

/** The rooms that we are in, under the names that the configuration has for them. */
export interface Rooms {
  /** Joins those that are configured and missing, each at most twice a minute. */
  enter(now: number): Promise<void>;
  /** Where to speak; undefined where we are not. */
  roomOf(channel: string): string | undefined;
  /** The same, with those that it was before it was upgraded; the newest first. */
  allOf(channel: string): readonly string[];
  channelOf(room: string): string;
  /** Undefined where a room is not encrypted. */
  encryptionOf(room: string): Promise<RoomEncryption | undefined>;
  /** Takes note of what a room becomes. */
  hear(room: string, event: Pick<RoomEvent, 'type' | 'content'>): void;
  invited(room: string, by: string | undefined): Promise<void>;
}

export interface RoomsOptions {
  readonly server: Homeserver;
  /** Aliases, or ids. */
  readonly channels: readonly string[];
  /** Whose invitations into other rooms are accepted. */
  readonly inviters: readonly string[];
  readonly log: (message: string) => void;
}

export function createRooms({ server, channels, inviters, log }: RoomsOptions): Rooms {
  const entered = new Map<string, readonly string[]>();
  const encrypted = new Map<string, RoomEncryption>();
  const plain = new Set<string>();
  const toldOf = new Set<string>();
  let triedAt = Number.NEGATIVE_INFINITY;

  async function enterOne(channel: string): Promise<void> {
    try {
      const room = await join(server, channel);
      entered.set(channel, [...(await follow(room)), ...(await formerly(room, server))]);
      toldOf.delete(channel);
    } catch (problem) {
      if (saidBy(problem) === undefined) throw problem;
      if (!toldOf.has(channel)) log(`${channel}: ${inWords(problem)}`);
      toldOf.add(channel);
    }
  }

  /** To where it was upgraded to, and so on; what it was before stays known. */
  async function follow(first: string): Promise<readonly string[]> {
    const rooms = [first];
    for (let count = 0; count < MOST_UPGRADES; count += 1) {
      const [room = first] = rooms;
      const next = await replacementOf(server, room);
      if (next === undefined || rooms.includes(next)) break;
      rooms.unshift(next);
    }
    return rooms;
  }

  async function encryptionOf(room: string): Promise<RoomEncryption | undefined> {
    if (!encrypted.has(room) && !plain.has(room)) {
      const content = await stateOf(server, room, 'm.room.encryption', z.looseObject({}));
      if (content === undefined) plain.add(room);
      else encrypted.set(room, roomEncryptionIn(content));
    }
    return encrypted.get(room);
  }

  async function enterMissing(): Promise<void> {
    for (const channel of channels) if (!entered.has(channel)) await enterOne(channel);
  }

  return {
    async enter(now) {
      if (now - triedAt < AGAIN_MS || channels.every((channel) => entered.has(channel))) return;
      triedAt = now;
      await enterMissing();
    },
    roomOf: (channel) =>
      entered.get(channel)?.[0] ?? (isRoomId(channel, channels) ? channel : undefined),
    allOf: (channel) => entered.get(channel) ?? (isRoomId(channel, channels) ? [channel] : []),
    channelOf(room) {
      const found = [...entered].find(([, rooms]) => rooms.includes(room));
      return found?.[0] ?? room;
    },
    encryptionOf,
    hear(room, { type, content }) {
      // It stays encrypted, whatever the event says later.
      if (type === 'm.room.encryption') encrypted.set(room, roomEncryptionIn(content));
      if (type !== 'm.room.tombstone') return;
      for (const [channel, [newest]] of entered) {
        if (newest !== room) continue;
        log(`${channel} was upgraded: following it`);
        entered.delete(channel);
        triedAt = Number.NEGATIVE_INFINITY;
      }
    },
    async invited(room, by) {
      // It may be the one that a configured room was waited for in.
      await enterMissing();
      if ([...entered.values()].some((rooms) => rooms.includes(room))) return;
      if (by === undefined || !inviters.includes(by)) {
        log(
          `${by ?? 'somebody'} invited us to ${room}: not accepted, since invited-by does not name them`,
        );
        return;
      }
      await join(server, room);
    },
  };
}

/** One that we were invited to; those that are configured are known by what was joined. */
function isRoomId(channel: string, configured: readonly string[]): boolean {
  return channel.startsWith('!') && !configured.includes(channel);
}

/** Again: nothing. */
async function join(server: Homeserver, room: string, via?: string): Promise<string> {
  const { room_id } = await server.call({
    method: 'POST',
    path: `/_matrix/client/v3/join/${encodeURIComponent(room)}`,
    what: `let us into ${room}`,
    query: via === undefined ? {} : { server_name: via },
    body: {},
    answer: RoomId,
  });
  return room_id;
}

/** What it was upgraded to, where the new one says so as well. */
async function replacementOf(server: Homeserver, room: string): Promise<string | undefined> {
  const tombstone = await stateOf(server, room, 'm.room.tombstone', Tombstone);
  if (tombstone === undefined) return undefined;
  const { replacement_room: successor } = tombstone;
  const next = await join(server, successor, serverOf(successor) ?? serverOf(room));
  const creation = await stateOf(server, next, 'm.room.create', Creation);
  return creation?.predecessor?.room_id === room ? next : undefined;
}

/** What a room was before it was upgraded, the newest first, where both sides say so and we are still there. */
async function formerly(newest: string, server: Homeserver): Promise<readonly string[]> {
  const rooms: string[] = [];
  let room = newest;
  while (rooms.length < MOST_UPGRADES) {
    const creation = await stateOf(server, room, 'm.room.create', Creation);
    const before = creation?.predecessor?.room_id;
    if (before === undefined || !(await saysUpgradedTo(server, before, room))) break;
    rooms.push(before);
    room = before;
  }
  return rooms;
}

async function saysUpgradedTo(server: Homeserver, room: string, next: string): Promise<boolean> {
  try {
    const tombstone = await stateOf(server, room, 'm.room.tombstone', Tombstone);
    return tombstone?.replacement_room === next;
  } catch (problem) {
    if (saidBy(problem) === undefined) throw problem;
    return false;
  }
}

/** Through which homeserver it can be joined, where the id says it. */
function serverOf(room: string): string | undefined {
  return /^[^:]*:(.+)$/.exec(room)?.[1];
}

/** Undefined where the room has none. */
export async function stateOf<Content>(
  server: Homeserver,
  room: string,
  type: string,
  answer: z.ZodType<Content>,
): Promise<Content | undefined> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/${type}`;
  try {
    return await server.call({ method: 'GET', path, what: `say ${type} of ${room}`, answer });
  } catch (problem) {
    if (saidBy(problem)?.statusCode === 404) return undefined;
    throw problem;
  }
}
