import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type EmbeddedStore, embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { type Store, storeAt } from '../../../src/adapters/store/store.ts';
import { until } from '../../until.ts';
import { type SilentLine, silentLine } from './silent-line.ts';

/** As long as a lease. */
const NOTICED_WITHIN_MS = 15_000;

let embedded: EmbeddedStore;
let line: SilentLine;
let store: Store;

beforeEach(async () => {
  embedded = await embeddedStore();
  line = await silentLine(Number(new URL(embedded.address).port));
  store = storeAt({
    name: 'Redis behind a firewall',
    durable: true,
    address: `redis://127.0.0.1:${line.port}`,
    log: () => {},
    stop: async () => line.close(),
  });
  // What sockets wait for stays real.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await store.close();
  await embedded.close();
});

test.for(['commands', 'ringing', 'blocking'] as const)(
  'a connection for %s that fell silent is given up, and another one made',
  async (use) => {
    const connection = store.connection(use);
    await until(() => connection.status === 'ready');
    line.forget();
    connection.ping().catch(() => {});
    vi.advanceTimersByTime(NOTICED_WITHIN_MS);
    await until(() => connection.status === 'reconnecting', 10_000);
    vi.advanceTimersByTime(1_000);
    await until(() => connection.status === 'ready', 10_000);
    expect(await connection.ping()).toBe('PONG');
    expect(line.connections()).toBe(2);
  },
);

test.for(['commands', 'ringing', 'blocking'] as const)(
  'a connection for %s that nobody asks anything stays',
  async (use) => {
    const connection = store.connection(use);
    await until(() => connection.status === 'ready');
    await connection.ping();
    vi.advanceTimersByTime(NOTICED_WITHIN_MS);
    expect(await connection.ping()).toBe('PONG');
    expect(line.connections()).toBe(1);
  },
);
