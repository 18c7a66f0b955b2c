import type { Redis } from 'ioredis';
import { KEPT_REFUSALS, type RefusalStore } from '../../jobs/refusals/refusal-store.ts';
import { luaScript } from './lua-script.ts';
import { reading, writing } from './store-failure.ts';

/** KEYS: the refusals. ARGV: the newest of them or nothing, one more, how many are kept. */
const APPEND = `
if (redis.call('LINDEX', KEYS[1], -1) or '') ~= ARGV[1] then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[2])
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[3]), -1)
return 1
`;

/** One list, of bounded length. */
export function redisRefusals(
  redis: Redis,
  {
    prefix = 'sb:',
    kept = KEPT_REFUSALS,
  }: { readonly prefix?: string; readonly kept?: number } = {},
): RefusalStore {
  const key = `${prefix}refusals`;
  const append = luaScript(redis, APPEND);
  return {
    newest: (count) => reading(redis.lrange(key, -count, -1)),
    append: async (last, text) => (await writing(append([key], [last ?? '', text, kept]))) === 1,
  };
}
