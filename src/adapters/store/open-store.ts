import { join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { checkDurable } from './durability.ts';
import { findServer } from './find-server.ts';
import { ownServer } from './own-server.ts';
import { type Log, type Store, type StoreParts, storeAt } from './store.ts';

export interface StoreSettings {
  /** Before REDIS_URL of the environment. */
  readonly redisUrl?: string;
  /** Where a server of our own keeps its data. */
  readonly dataDir?: string;
  readonly env: { readonly REDIS_URL?: string | undefined; readonly PATH?: string | undefined };
  readonly log?: Log;
}

/**
 * The Redis that the settings or REDIS_URL name, else a server of our own that is stopped with the store. A Failure when
 * there is neither, and when the store could lose something it acknowledged.
 */
export async function openStore(settings: StoreSettings): Promise<Store> {
  const store = storeAt({
    durable: true,
    log: settings.log ?? (() => {}),
    ...(await place(settings)),
  });
  try {
    await checkDurable(store.connection('commands'), store.name);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

type Place = Pick<StoreParts, 'name' | 'address' | 'stop'>;

async function place({
  redisUrl,
  dataDir = join('var', 'redis'),
  env,
}: StoreSettings): Promise<Place> {
  const url = redisUrl ?? env.REDIS_URL;
  if (url !== undefined && url !== '') {
    return { name: `Redis at ${withoutSecrets(url)}`, address: url, stop: async () => {} };
  }
  const program = findServer(env.PATH ?? '');
  if (program === undefined) throw noStore();
  const server = await ownServer(program, dataDir);
  return { name: `Redis in ${dataDir}`, address: server.socket, stop: server.stop };
}

function withoutSecrets(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
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
