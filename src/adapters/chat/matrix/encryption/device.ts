import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Homeserver } from '../homeserver.ts';
import { keysClosed, oddEncryption } from '../matrix-failure.ts';
import { type RoomEvent, readEvents } from '../room-event.ts';
import {
  type CryptoModule,
  KEYS_QUERY,
  type Machine,
  MEGOLM,
  RED,
  type Shield,
  UNSIGNED_DEVICE,
} from './crypto-module.ts';
import type { Clear, Encryption, RoomEncryption } from './encryption.ts';
import { inTurn } from './in-turn.ts';
import { type KeyChanges, keyChanges } from './key-changes.ts';
import { ask, askAll } from './key-requests.ts';

const ALGORITHM = 'm.megolm.v1.aes-sha2';
const Members = z.object({ joined: z.record(z.string(), z.unknown()) });

export interface DeviceOptions {
  readonly server: Homeserver;
  readonly crypto: CryptoModule;
  readonly machine: Machine;
  /** Where the machine has its keys. */
  readonly folder: string;
  readonly release: () => void;
}

/** A device that is logged in, with the keys in its folder. */
export function deviceWith({
  server,
  crypto,
  machine,
  folder,
  release,
}: DeviceOptions): Encryption {
  const { UserId, RoomId, DeviceLists, EncryptionSettings, Attachment } = crypto;
  const oneByOne = inTurn();
  let isClosed = false;
  const place = join(folder, 'keys-since');
  const known = new Set<string>();

  const turn = <Result>(work: () => Promise<Result>) =>
    oneByOne(() => {
      // The machine ends the whole process when it is used after its end.
      if (isClosed) throw keysClosed();
      return work();
    });

  const idsOf = (users: readonly string[]) => users.map((user) => new UserId(user));

  async function takeIn(changes: KeyChanges): Promise<void> {
    const { changed = [], left = [] } = changes.device_lists ?? {};
    await machine.receiveSyncChanges(
      JSON.stringify(changes.to_device?.events ?? []),
      new DeviceLists(idsOf(changed), idsOf(left)),
      changes.device_one_time_keys_count,
      changes.device_unused_fallback_key_types,
    );
    await askAll(server, machine);
  }

  async function catchUp(): Promise<void> {
    const since = await readFile(place, 'utf8').catch(() => undefined);
    const changes = await keyChanges(server, since);
    await takeIn(changes);
    await writeFile(place, changes.next_batch, { mode: 0o600 });
  }

  async function learnDevicesOf(users: readonly string[]): Promise<void> {
    await machine.updateTrackedUsers(idsOf(users));
    await askAll(server, machine, KEYS_QUERY);
    for (const user of users) known.add(user);
  }

  async function shareKey(room: string, how: RoomEncryption): Promise<void> {
    const members = await membersOf(room, server);
    await learnDevicesOf(members);
    const claim = await machine.getMissingSessions(idsOf(members));
    if (claim !== null) await ask(server, machine, claim);
    const settings = new EncryptionSettings();
    settings.algorithm = MEGOLM;
    settings.rotationPeriod = BigInt(how.ms) * 1_000n;
    settings.rotationPeriodMessages = BigInt(how.messages);
    const shares = await machine.shareRoomKey(new RoomId(room), idsOf(members), settings);
    for (const share of shares) await ask(server, machine, share);
  }

  async function encrypt({ room, type, content }: Clear, how: RoomEncryption): Promise<object> {
    if (how.algorithm !== ALGORITHM) throw oddEncryption(room);
    await shareKey(room, how);
    return JSON.parse(
      await machine.encryptRoomEvent(new RoomId(room), type, JSON.stringify(content)),
    );
  }

  /** Undefined where it was no device of the sender, as far as the homeserver says which those are. */
  async function decryptNow(room: string, event: RoomEvent): Promise<RoomEvent | undefined> {
    try {
      const decrypted = await machine.decryptRoomEvent(JSON.stringify(event), new RoomId(room));
      if (!isByDeviceOfSender(decrypted.shieldState(false))) return undefined;
      return insteadOf(event, JSON.parse(decrypted.event));
    } catch {
      return undefined;
    }
  }

  async function decrypt(room: string, event: RoomEvent): Promise<RoomEvent | undefined> {
    if (!known.has(event.sender)) await learnDevicesOf([event.sender]);
    return decryptNow(room, event);
  }

  return {
    catchUp: () => turn(catchUp),
    encrypt: (clear, how) => turn(() => encrypt(clear, how)),
    decrypt: (room, event) => turn(() => decrypt(room, event)),
    hide(bytes) {
      const { encryptedData, mediaEncryptionInfo } = Attachment.encrypt(bytes);
      return { bytes: Buffer.from(encryptedData), how: JSON.parse(mediaEncryptionInfo ?? '{}') };
    },
    close: () =>
      oneByOne(async () => {
        isClosed = true;
        machine.close();
        release();
      }),
  };
}

/** Whether its owner vouches for that device is not asked: who has no second device often cannot. */
function isByDeviceOfSender(shield: Shield | null): boolean {
  return shield !== null && (shield.color !== RED || shield.code === UNSIGNED_DEVICE);
}

/** Only what was encrypted is taken from inside; who sent it, when and under which id is what the homeserver says. */
function insteadOf(event: RoomEvent, inside: object): RoomEvent | undefined {
  const [opened] = readEvents([{ ...event, state_key: undefined, ...typeAndContent(inside) }]);
  return opened?.type === 'm.room.encrypted' ? undefined : opened;
}

function typeAndContent(inside: object): object {
  const { type, content } = inside as { readonly type?: unknown; readonly content?: unknown };
  return { type, content };
}

async function membersOf(room: string, server: Homeserver): Promise<readonly string[]> {
  const { joined } = await server.call({
    method: 'GET',
    path: `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/joined_members`,
    what: 'say who is in a room',
    answer: Members,
  });
  return Object.keys(joined);
}
