import type { Redis } from 'ioredis';
import * as z from 'zod';
import { FIRST_REVISION } from '../../jobs/journal/claims-revision.ts';
import type { HeldClaim, Journal } from '../../jobs/journal/journal.ts';
import { heldByHand, heldByOp, inOrder } from './claim-effects.ts';
import type { JournalKeys } from './journal-keys.ts';
import { LOCK, UNLOCK } from './lua/lock.ts';
import { confirmedScript } from './lua-script.ts';
import { reading, writing } from './store-failure.ts';

const OfOp = z.record(z.string(), z.number());
const OfHand = z.strictObject({ by: z.string(), because: z.string(), since: z.number() });

type Claims = Pick<Journal, 'claims' | 'lockByHand' | 'unlockByHand'>;

/** One hash for each zone: `#` is the revision, `op:…` an operation's claims, `hand:…` a lock set by hand. */
export function redisClaims(redis: Redis, keys: JournalKeys, replicas: number): Claims {
  const lock = confirmedScript(redis, LOCK, replicas);
  const unlock = confirmedScript(redis, UNLOCK, replicas);
  return {
    async claims(zone) {
      const { '#': revision = FIRST_REVISION, ...holders } = await reading(
        redis.hgetall(keys.claims(zone)),
      );
      const held = Object.entries(holders).flatMap(([holder, text]) => heldBy(holder, text));
      return { revision, held: inOrder(held) };
    },
    async lockByHand(zone, { key, by, because }, revision) {
      return (await writing(lock(keys.zone(zone), [key, by, because, revision]))) === 1;
    },
    async unlockByHand(zone, key) {
      return (await writing(unlock(keys.zone(zone), [key]))) === 1;
    },
  };
}

function heldBy(holder: string, text: string): HeldClaim[] {
  const [kind, name] = split(holder);
  const stored: unknown = JSON.parse(text);
  if (kind === 'hand') return [heldByHand(name, OfHand.parse(stored))];
  return heldByOp(name, Object.entries(OfOp.parse(stored)));
}

function split(holder: string): [kind: string, name: string] {
  const colon = holder.indexOf(':');
  return [holder.slice(0, colon), holder.slice(colon + 1)];
}
