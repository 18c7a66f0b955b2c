import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { ZoneName } from '../../domain/ids.ts';
import type { HostKeys } from '../../jobs/ports/host-keys.ts';
import { reading, writing } from './store-failure.ts';

const Known = z.looseObject({ key: z.string() });

/** The host keys of one zone: a hash from host to its key, why it is that one, and since when. */
export function redisHostKeys(
  redis: Redis,
  { zone, prefix = 'sb:' }: { readonly zone: ZoneName; readonly prefix?: string },
): HostKeys {
  const hash = `${prefix}z:${zone}:host-keys`;
  return {
    async expected(host) {
      const text = await reading(redis.hget(hash, host));
      return text === null ? undefined : Known.parse(JSON.parse(text)).key;
    },
    async replace(host, key, because) {
      const since = new Date().toISOString();
      await writing(redis.hset(hash, host, JSON.stringify({ key, because, since })));
    },
  };
}
