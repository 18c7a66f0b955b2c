import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId, type ZoneName } from '../../domain/ids.ts';
import { FIRST_REVISION } from '../../jobs/journal/claims-revision.ts';
import type { HeldClaim, Journal } from '../../jobs/journal/journal.ts';
import { hasEnded, heldByHand, heldByOp, inOrder, waitingOf } from './claim-effects.ts';
import { readOnlyFailure } from './history/read-only.ts';
import type { JournalKeys } from './journal-keys.ts';
import { LOCK, UNLOCK } from './lua/lock.ts';
import { confirmedScript } from './lua-script.ts';
import { SEEN_FOR_MS } from './redis-append.ts';
import { reading, writing } from './store-failure.ts';

const OfOp = z.record(z.string(), z.number());
const OfHand = z.object({
  by: z.string(),
  because: z.string(),
  since: z.number(),
  until: z.number().exactOptional(),
  except: z.array(z.string()).exactOptional(),
  owner: z.string().exactOptional(),
  times: z.number().exactOptional(),
});
/** An empty list is an empty object to the store's JSON. */
const Claims = z.preprocess((stored) => (Array.isArray(stored) ? stored : []), z.array(z.string()));
const Queued = z.object({ nth: z.number(), since: z.number(), claims: Claims });

type Claims = Pick<Journal, 'claims' | 'lockByHand' | 'unlockByHand'>;

/** A hash for each zone: `#` is the revision, `op:…` an operation's claims, `hand:…` a lock set by hand. */
export function redisClaims(redis: Redis, keys: JournalKeys, replicas: number): Claims {
  const lock = confirmedScript(redis, LOCK, replicas);
  const unlock = confirmedScript(redis, UNLOCK, replicas);

  /** The time is read first: a lock that ends meanwhile still counts. */
  async function view(zone: ZoneName) {
    const [[seconds, microseconds], claims, queue] = await Promise.all([
      reading(redis.time()),
      reading(redis.hgetall(keys.claims(zone))),
      reading(redis.hgetall(keys.queue(zone))),
    ]);
    return { now: Number(seconds) * 1_000 + Number(microseconds) / 1_000, claims, queue };
  }

  return {
    async claims(zone) {
      const { now, claims, queue } = await view(zone);
      const { '#': revision = FIRST_REVISION, '#until': _, ...holders } = claims;
      const held = Object.entries(holders).flatMap(([holder, text]) => heldBy(holder, text));
      const current = held.filter(({ byHand }) => !hasEnded(byHand, now));
      return { revision, held: inOrder(current), waiting: waitingIn(queue) };
    },
    async lockByHand(zone, { key, ...what }, revision) {
      const args = [key, JSON.stringify(what), what.until ?? 0, revision];
      return isDone(await writing(lock(keys.zone(zone), args)));
    },
    async unlockByHand(zone, key, source) {
      const mark = source === undefined ? [] : [keys.seen(zone, source)];
      return isDone(await writing(unlock([...keys.zone(zone), ...mark], [key, SEEN_FOR_MS])));
    },
  };
}

function waitingIn({ '#': _, ...queue }: Record<string, string>) {
  return Object.entries(queue)
    .map(([op, text]) => ({ op, ...Queued.parse(JSON.parse(text)) }))
    .sort((a, b) => a.nth - b.nth)
    .map(({ op, since, claims }) => waitingOf(OpId.parse(op), since, claims));
}

function isDone(reply: unknown): boolean {
  if (typeof reply === 'string') throw readOnlyFailure(reply);
  return reply === 1;
}

function heldBy(holder: string, text: string): HeldClaim[] {
  const [kind, name] = split(holder);
  const stored: unknown = JSON.parse(text);
  if (kind === 'hand') return [heldByHand(name, OfHand.parse(stored))];
  return heldByOp(OpId.parse(name), Object.entries(OfOp.parse(stored)));
}

function split(holder: string): [kind: string, name: string] {
  const colon = holder.indexOf(':');
  return [holder.slice(0, colon), holder.slice(colon + 1)];
}
