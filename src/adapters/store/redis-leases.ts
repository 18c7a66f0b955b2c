import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId } from '../../domain/ids.ts';
import type { Journal } from '../../jobs/journal/journal.ts';
import { ACQUIRE, DUE, GIVE_BACK, RELEASE, RENEW } from './lua/lease.ts';
import { confirmedScript, luaScript } from './lua-script.ts';
import type { AppendParts } from './redis-append.ts';
import { reading, writing } from './store-failure.ts';

const Acquired = z.tuple([z.number(), z.literal([0, 1]), z.number(), z.string(), z.number()]);
const DueOps = z.array(z.tuple([OpId, z.number(), z.number()]));

type Leases = Pick<Journal, 'acquire' | 'renew' | 'release' | 'giveBack' | 'due'>;

/** Leases by the store's clock alone: no two machines have to agree on the time. */
export function redisLeases({ redis, keys, clock, known, replicas }: AppendParts): Leases {
  const { acquire, renew, release, giveBack, due } = leaseScripts(redis, replicas);

  return {
    async acquire(ref, nonce, ttlMs) {
      const deadline = performance.now() + ttlMs;
      const reply = await writing(acquire(keys.zone(ref.zone), [ref.op, nonce, ttlMs]));
      if (reply === null) return undefined;
      const [epoch, interrupted, seq, digest, now] = Acquired.parse(reply);
      clock.heard(now);
      known.hold(ref.op, { seq, digest });
      return { epoch, interrupted: interrupted === 1, deadline };
    },
    async renew(ref, nonce, epoch, ttlMs) {
      const deadline = performance.now() + ttlMs;
      const reply = await writing(renew(keys.zone(ref.zone), [ref.op, nonce, epoch, ttlMs]));
      return reply === 1 ? deadline : undefined;
    },
    async release(ref, nonce, epoch, dueInMs) {
      known.letGo(ref.op);
      await writing(release(keys.zone(ref.zone), [ref.op, nonce, epoch, dueInMs ?? '']));
    },
    async giveBack(ref, nonce, dueInMs) {
      known.letGo(ref.op);
      await writing(giveBack(keys.zone(ref.zone), [ref.op, nonce, dueInMs]));
    },
    async due(zone, limit) {
      const found = DueOps.parse(await reading(due(keys.zone(zone), [limit])));
      return found.map(([op, seq, epoch]) => ({ op, zone, seq, epoch }));
    },
  };
}

function leaseScripts(redis: Redis, replicas: number) {
  return {
    // An epoch that a failover lost would be given away twice.
    acquire: confirmedScript(redis, ACQUIRE, replicas),
    renew: luaScript(redis, RENEW),
    release: luaScript(redis, RELEASE),
    giveBack: luaScript(redis, GIVE_BACK),
    due: luaScript(redis, DUE),
  };
}
