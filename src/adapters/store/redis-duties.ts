import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { DutyLeases } from '../../bot/duties/duty-leases.ts';
import { LET_GO, RENEW_DUTY, TAKE } from './lua/duty.ts';
import { confirmedScript, luaScript } from './lua-script.ts';
import { writing } from './store-failure.ts';

const Taken = z.tuple([z.number(), z.number()]);

export interface RedisDutiesOptions {
  readonly prefix?: string;
  /** How many replicas have to know who has a duty; none when absent. */
  readonly replicas?: number;
}

/** For each duty a hash that says who has it, until when, and how often it changed hands. */
export function redisDuties(
  redis: Redis,
  { prefix = 'sb:', replicas = 0 }: RedisDutiesOptions = {},
): DutyLeases {
  const keyOf = (duty: string) => `${prefix}duty:${encodeURIComponent(duty)}`;
  // What a failover lost of these would give it to two at a time.
  const take = confirmedScript(redis, TAKE, replicas);
  const renew = confirmedScript(redis, RENEW_DUTY, replicas);
  const letGo = luaScript(redis, LET_GO);
  return {
    async take(duty, nonce, ttlMs) {
      const deadline = performance.now() + ttlMs;
      const taken = await writing(take([keyOf(duty)], [nonce, ttlMs]));
      if (taken === null) return undefined;
      const [epoch, silentMs] = Taken.parse(taken);
      return { epoch, deadline, ...(silentMs >= 0 && { silentMs }) };
    },
    async renew(duty, nonce, ttlMs) {
      const deadline = performance.now() + ttlMs;
      return (await writing(renew([keyOf(duty)], [nonce, ttlMs]))) === 1 ? deadline : undefined;
    },
    async release(duty, nonce) {
      await writing(letGo([keyOf(duty)], [nonce]));
    },
  };
}
