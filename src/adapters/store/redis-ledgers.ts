import type { Redis } from 'ioredis';
import type { LedgerName, LedgerStore } from '../../jobs/ledger/ledger-store.ts';
import { confirmedScript } from './lua-script.ts';
import { reading, writing } from './store-failure.ts';

/** KEYS: the ledger. ARGV: how many entries it has to have, one more. */
const APPEND = `
if redis.call('LLEN', KEYS[1]) ~= tonumber(ARGV[1]) then return 0 end
redis.call('RPUSH', KEYS[1], ARGV[2])
return 1
`;

export interface RedisLedgersOptions {
  readonly prefix?: string;
  /** How many replicas have to have an entry before it counts; none when absent. */
  readonly replicas?: number;
}

/** A list for each ledger. */
export function redisLedgers(
  redis: Redis,
  { prefix = 'sb:', replicas = 0 }: RedisLedgersOptions = {},
): LedgerStore {
  const keyOf = (ledger: LedgerName) => `${prefix}ledger:${ledger}`;
  const append = confirmedScript(redis, APPEND, replicas, (reply) => reply === 1);
  return {
    read: (ledger, from) => reading(redis.lrange(keyOf(ledger), from, -1)),
    append: async (ledger, seq, text) =>
      (await writing(append([keyOf(ledger)], [seq, text]))) === 1,
  };
}
