import type { Redis } from 'ioredis';
import { Json } from '../../domain/json.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';
import type { Bookmarks } from '../../jobs/ports/bookmarks.ts';
import { reading, writing } from './store-failure.ts';

const EXPIRES_AFTER_S = 14 * 24 * 60 * 60;

export function redisBookmarks(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): Bookmarks {
  const keyOf = ({ op, zone }: OpRef, name: string) => `${prefix}z:${zone}:op:${op}:at:${name}`;
  return {
    async find(ref, name) {
      const text = await reading(redis.get(keyOf(ref, name)));
      return text === null ? undefined : Json.parse(JSON.parse(text));
    },
    async put(ref, name, place) {
      await writing(redis.set(keyOf(ref, name), JSON.stringify(place), 'EX', EXPIRES_AFTER_S));
    },
  };
}
