import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KojiHub, startKojiHub } from '../../../src/adapters/simulated/koji-hub/koji-hub.ts';
import {
  type MemoryHubState,
  memoryHubState,
} from '../../../src/adapters/simulated/koji-hub/memory-hub-state.ts';

export const HUB_PASSWORD = 'a password of the lab';

/** A koji hub with the builders of a site. Builders check in by themselves, over HTTP. */
export interface BuilderHub {
  readonly hub: KojiHub;
  readonly state: MemoryHubState;
  /** Where a builder says that it is there: its name follows. */
  readonly checkInPort: number;
  /** How often each method that changes something was carried out since the last reset. */
  counts(): Readonly<Record<string, number>>;
  /** When each builder was enabled or disabled, milliseconds since 1970. */
  switched(): readonly Switched[];
  reset(): void;
  close(): Promise<void>;
}

export interface Switched {
  readonly at: number;
  readonly builder: string;
  readonly enabled: boolean;
}

const CHANGES = ['disableHost', 'enableHost', 'editHost'];

export async function builderHub(builders: readonly string[]): Promise<BuilderHub> {
  const memory = memoryHubState({ hosts: builders.map((name) => ({ name })) });
  const switched: Switched[] = [];
  const changeHost: MemoryHubState['changeHost'] = (id, change) => {
    const before = memory.hosts().find((host) => host.id === id);
    memory.changeHost(id, change);
    const { enabled } = change;
    if (before === undefined || enabled === undefined || enabled === before.enabled) return;
    switched.push({ at: Date.now(), builder: before.name, enabled });
  };
  const state = { ...memory, now: Date.now, changeHost };
  const users = [{ name: 'bot', password: HUB_PASSWORD, permissions: ['host'] }];
  const hub = await startKojiHub({ state, users, host: '127.0.0.1', port: 0 });
  const checkIn = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    if (builders.includes(name)) memory.putHost({ name, ready: true, checkedInAt: Date.now() });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(checkIn, 'listening');
  let seen = 0;
  return {
    hub,
    state,
    checkInPort: (checkIn.address() as AddressInfo).port,
    counts() {
      const changes = hub
        .carriedOut()
        .slice(seen)
        .filter((method) => CHANGES.includes(method));
      const named = Map.groupBy(changes, (method) => method);
      return Object.fromEntries([...named].map(([method, { length }]) => [method, length]));
    },
    switched: () => switched,
    reset() {
      seen = hub.carriedOut().length;
    },
    async close() {
      checkIn.close();
      checkIn.closeAllConnections();
      await hub.close();
    },
  };
}
