import { join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { checkDurable } from './durability.ts';
import { findServer } from './find-server.ts';
import { ownServer, runningServer } from './own-server.ts';
import { type Log, type Store, type StoreParts, storeAt } from './store.ts';
import { type StoreEnvironment, storeAddress } from './store-address.ts';

export interface StoreSettings {
  /** Where a server of our own keeps its data. */
  readonly dataDir?: string;
  readonly env: StoreEnvironment & { readonly PATH?: string | undefined };
  readonly log?: Log;
  /** Also one that another process runs in that folder, which then goes on. */
  readonly beside?: true;
}

/**
 * The Redis that the settings or REDIS_URL name, else a server of our own that is stopped with the store. A Failure when
 * there is neither, and when the store could lose something it acknowledged.
 */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const { sentinels, ...parts } = await place(settings);
  const store = storeAt({ durable: true, log: settings.log ?? (() => {}), ...parts });
  try {
    const checked = { name: store.name, sentinels };
    const { replicas } = await checkDurable(store.connection('commands'), checked);
    return { ...store, replicas };
  } catch (error) {
    await store.close();
    throw error;
  }
}

type Place = Pick<StoreParts, 'name' | 'address' | 'stop'> & { readonly sentinels: boolean };

async function place({
  dataDir = join('var', 'redis'),
  env,
  beside,
}: StoreSettings): Promise<Place> {
  const at = storeAddress(env);
  if (at !== undefined) {
    const { shown, options, sentinels } = at;
    return { name: `Redis at ${shown}`, address: options, stop: async () => {}, sentinels };
  }
  const running = beside && (await runningServer(dataDir));
  if (running) {
    return {
      name: `Redis in ${dataDir}`,
      address: running,
      stop: async () => {},
      sentinels: false,
    };
  }
  const program = findServer(env.PATH ?? '');
  if (program === undefined) throw noStore();
  const server = await ownServer(program, dataDir);
  return {
    name: `Redis in ${dataDir}`,
    address: server.socket,
    stop: server.stop,
    sentinels: false,
  };
}

function noStore(): Failure {
  return new Failure({
    code: 'store.missing',
    problem: 'There is no store',
    because: 'REDIS_URL is not set, and neither redis-server nor valkey-server is on the PATH',
    effect: 'none',
    next: 'Set REDIS_URL to a Redis or Valkey, or install one (Debian: `apt install redis-server`).',
  });
}
