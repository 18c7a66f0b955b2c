import type { Redis } from 'ioredis';
import type { OpRef } from '../../jobs/journal/journal.ts';
import type { StepLog } from '../../jobs/ports/step-log.ts';
import { KEPT_LINES, linesOf } from './log-lines.ts';
import { luaScript } from './lua-script.ts';
import { reading, writing } from './store-failure.ts';

const EXPIRES_AFTER_S = 14 * 24 * 60 * 60;

/** KEYS: the step's lines. ARGV: how many are kept, seconds until they expire, then the new lines. */
const WRITE = `
for first = 3, #ARGV, 1000 do
  redis.call('RPUSH', KEYS[1], unpack(ARGV, first, math.min(first + 999, #ARGV)))
end
redis.call('LTRIM', KEYS[1], -tonumber(ARGV[1]), -1)
redis.call('EXPIRE', KEYS[1], ARGV[2])
`;

/** Each step's newest lines, which expire two weeks after the last one. */
export function redisStepLog(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): StepLog {
  const write = luaScript(redis, WRITE);
  const keyOf = ({ op, zone }: OpRef, step: string) => `${prefix}z:${zone}:op:${op}:log:${step}`;
  return {
    async write(ref, step, text) {
      const lines = linesOf(text).slice(-KEPT_LINES);
      if (lines.length === 0) return;
      await writing(write([keyOf(ref, step)], [KEPT_LINES, EXPIRES_AFTER_S, ...lines]));
    },
    async read(ref, step, lines) {
      return lines > 0 ? reading(redis.lrange(keyOf(ref, step), -lines, -1)) : [];
    },
  };
}
