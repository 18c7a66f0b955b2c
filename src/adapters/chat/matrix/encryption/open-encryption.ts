import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { Failure } from '../../../../domain/failure.ts';
import type { Homeserver } from '../homeserver.ts';
import { cryptoModule } from '../load-sdk.ts';
import { keysElsewhere, keysInUse, keysUnusable, noEncryption } from '../matrix-failure.ts';
import { type CryptoModule, type Machine, SQLITE } from './crypto-module.ts';
import { deviceWith } from './device.ts';
import type { Encryption } from './encryption.ts';
import { onlyUserOf } from './one-user.ts';
import { whatIsMissing } from './what-is-missing.ts';

export interface Login {
  readonly server: Homeserver;
  readonly ownId: string;
  readonly device: string | undefined;
}

const REASONS: ReadonlySet<string> = new Set([
  'matrix.no-encryption',
  'matrix.keys-unusable',
  'matrix.keys-in-use',
  'matrix.keys-elsewhere',
]);

/**
 * The Failure is why there is none: then the bot is only without encrypted rooms. `keysFolder` is where this machine has its
 * keys; without one it has none.
 */
export async function openEncryption(
  { device, ...login }: Login,
  keysFolder: string | undefined,
): Promise<Encryption | Failure> {
  const missing = whatIsMissing(keysFolder);
  const crypto = cryptoModule();
  if (missing !== undefined) return missing;
  if (device === undefined) return noEncryption('the homeserver does not say which device we are');
  // A new login is a new device, and begins with keys of its own.
  const folder = join(resolve(keysFolder ?? ''), nameOf(login.ownId, device));
  try {
    return await openDevice({ ...login, device }, folder, crypto as CryptoModule);
  } catch (problem) {
    if (problem instanceof Failure && REASONS.has(problem.code)) return problem;
    throw problem;
  }
}

async function openDevice(
  login: Login & { readonly device: string },
  folder: string,
  crypto: CryptoModule,
): Promise<Encryption> {
  const release = await takeFolder(folder);
  try {
    const machine = await openMachine(login, folder, crypto);
    await isOurs(login, machine, folder);
    return deviceWith({ server: login.server, crypto, machine, folder, release });
  } catch (problem) {
    release();
    throw problem;
  }
}

async function takeFolder(folder: string): Promise<() => void> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw keysUnusable(folder, cause);
  });
  const release = await onlyUserOf(folder);
  if (release === undefined) throw keysInUse(folder);
  return release;
}

async function openMachine(
  { ownId, device }: { readonly ownId: string; readonly device: string },
  folder: string,
  { OlmMachine, UserId, DeviceId }: CryptoModule,
): Promise<Machine> {
  const [user, id] = [new UserId(ownId), new DeviceId(device)];
  return OlmMachine.initialize(user, id, folder, '', SQLITE).catch((cause) => {
    throw keysUnusable(folder, cause);
  });
}

const Devices = z.object({
  device_keys: z.record(
    z.string(),
    z.record(z.string(), z.object({ keys: z.record(z.string(), z.string()) })),
  ),
});

/** Whoever else has this login has keys that others believe to be its own: two sets of them would make both unreadable. */
async function isOurs(
  { server, ownId, device }: Login & { readonly device: string },
  machine: Machine,
  folder: string,
): Promise<void> {
  const { device_keys } = await server.call({
    method: 'POST',
    path: '/_matrix/client/v3/keys/query',
    what: 'say which keys we have',
    body: { device_keys: { [ownId]: [device] } },
    answer: Devices,
  });
  const published = device_keys[ownId]?.[device]?.keys[`ed25519:${device}`];
  if (published === undefined || published === machine.identityKeys.ed25519.toBase64()) return;
  machine.close();
  throw keysElsewhere(device, folder);
}

function nameOf(ownId: string, device: string): string {
  return createHash('sha256')
    .update(JSON.stringify([ownId, device]))
    .digest('hex')
    .slice(0, 32);
}
