import type { Redis } from 'ioredis';
import type { ZoneName } from '../../domain/ids.ts';
import { journalKeys } from './journal-keys.ts';
import { reading } from './store-failure.ts';

const keys = journalKeys('sb:');

/** For how long the operation has been due that waits longest for a worker of its zone, in ms; 0 when none is. */
export async function dueLag(redis: Redis, zone: ZoneName, now: number): Promise<number> {
  const [, due] = keys.zone(zone);
  const [, at] = await reading(redis.zrange(due ?? '', '0', '0', 'WITHSCORES'));
  return at === undefined ? 0 : Math.max(0, now - Number(at));
}

/** How old the first entry of the feed is that a reader has not passed yet, in ms; 0 when it has passed all. */
export async function feedLag(redis: Redis, cursor: string, now: number): Promise<number> {
  const [next] = await reading(redis.xrange(keys.feed, `(${cursor}`, '+', 'COUNT', 1));
  return next === undefined ? 0 : Math.max(0, now - Number.parseInt(next[0], 10));
}
