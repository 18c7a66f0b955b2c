import { onTestFinished } from 'vitest';
import { type KojiFarm, kojiFarm } from '../../../../src/adapters/infra/koji/farm.ts';
import { kojiSession } from '../../../../src/adapters/infra/koji/session.ts';
import {
  type KojiHub,
  type KojiHubOptions,
  startKojiHub,
} from '../../../../src/adapters/simulated/koji-hub/koji-hub.ts';
import {
  type MemoryHubState,
  memoryHubState,
} from '../../../../src/adapters/simulated/koji-hub/memory-hub-state.ts';

export const STARTED_AT = Date.UTC(2026, 10, 21, 3, 30);
export const BOT = { name: 'bot', password: 'se<cret&', permissions: ['host'] };
export const ADMIN = { name: 'boss', password: 'se<cret&', permissions: ['admin'] };

/** Two builders; on the first a running task, a waiting parent and one that is assigned. */
export function labState(): MemoryHubState {
  const source = 'git+https://src.example.org/rpms/kernel.git#c0ffee';
  return memoryHubState({
    now: Date.UTC(2026, 10, 21, 4),
    hosts: [{ name: 'builder-01' }, { name: 'builder-02' }],
    tasks: [
      {
        id: 100,
        method: 'build',
        request: [source, 'f43'],
        hostId: 1,
        waiting: true,
        startedAt: STARTED_AT,
      },
      {
        id: 101,
        method: 'buildArch',
        request: ['tasks/100/kernel-6.17.4-300.fc43.src.rpm', 7, 'x86_64'],
        hostId: 1,
        parent: 100,
        startedAt: STARTED_AT,
      },
      { id: 102, method: 'newRepo', request: ['f43'], hostId: 1, state: 'assigned' },
      { id: 103, method: 'newRepo', request: ['f43'], hostId: 1, state: 'closed' },
      { id: 104, method: 'newRepo', request: ['f43'], state: 'free', startedAt: undefined },
    ],
  });
}

export interface Lab {
  readonly hub: KojiHub;
  readonly farm: KojiFarm;
  readonly state: MemoryHubState;
  close(): Promise<void>;
}

export interface LabOptions extends Partial<KojiHubOptions> {
  readonly user?: typeof BOT;
  readonly timeoutMs?: number;
  readonly memory?: MemoryHubState;
}

/** A hub and a farm that talks to it with a password. */
export async function makeLab(options: LabOptions = {}): Promise<Lab> {
  const { user = BOT, timeoutMs = 2_000, memory = labState(), ...rest } = options;
  const users = [BOT, ADMIN];
  const hub = await startKojiHub({ state: memory, users, host: '127.0.0.1', port: 0, ...rest });
  process.env.SIGNALBOX_KOJI_PASSWORD = user.password;
  const session = kojiSession({
    hub: hub.url,
    login: { kind: 'password', user: user.name, passwordFile: undefined },
    timeoutMs,
  });
  const farm = kojiFarm({ session, buildName: (host) => host });
  const close = async () => {
    await session.close();
    await hub.close();
  };
  return { hub, farm, state: memory, close };
}

export async function lab(options: LabOptions = {}): Promise<Lab> {
  const made = await makeLab(options);
  onTestFinished(() => made.close());
  return made;
}
