import type { Redis } from 'ioredis';
import type { ZoneName } from '../../../domain/ids.ts';
import { digestOfText } from '../../../jobs/journal/digest-of-text.ts';
import { journalKeys } from '../journal-keys.ts';
import { isReplyError } from '../reply-error.ts';
import { reading, writing } from '../store-failure.ts';
import { acceptedAt } from './accepted-at.ts';
import type { Mark } from './mark.ts';
import { ReadOnly } from './read-only.ts';

/** What the store says of its own past. */
export interface RedisHistory {
  /** Why the store is not what it was when somebody saw this entry; undefined when it has it. */
  contradiction(zone: ZoneName, mark: Mark): Promise<string | undefined>;
  /** Of the first of these zones that may not change. */
  readOnly(zones: readonly ZoneName[]): Promise<ReadOnly | undefined>;
  /** From now on nothing of these zones changes. Zones that this process has no rights in are left to others. */
  close(zones: readonly ZoneName[], what: ReadOnly): Promise<void>;
  /** A person has accepted the store as it is, whatever was seen until `at`. */
  accept(zones: readonly ZoneName[], what: { at: number; by: string }): Promise<void>;
}

export function redisHistory(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): RedisHistory {
  const keys = journalKeys(prefix);

  return {
    async contradiction(zone, { op, seq, digest, at }) {
      const text = await reading(redis.lindex(keys.entries({ op, zone }), String(seq)));
      if (text !== null && digestOfText(text) === digest) return undefined;
      const excused = await reading(redis.get(keys.removedBefore(zone)));
      if (at < Math.max(Number(excused ?? 0), (await acceptedAt(redis, keys.accepted)) + 1))
        return undefined;
      const when = new Date(at).toISOString();
      if (text !== null) return `the store has another entry ${seq} of ${op} than at ${when}`;
      return `the store does not have entry ${seq} of ${op} any more, which was there at ${when}`;
    },
    async readOnly(zones) {
      for (const zone of zones) {
        const text = await reading(redis.get(keys.readOnly(zone)));
        if (text !== null) return ReadOnly.parse(JSON.parse(text));
      }
      return undefined;
    },
    async close(zones, what) {
      for (const zone of zones) {
        const closing = redis.set(keys.readOnly(zone), JSON.stringify(what), 'NX');
        await writing(closing.catch(unlessForbidden));
      }
    },
    async accept(zones, what) {
      await writing(redis.set(keys.accepted, JSON.stringify(what)));
      for (const zone of zones) await writing(redis.del(keys.readOnly(zone)));
    },
  };
}

function unlessForbidden(error: unknown): null {
  if (isReplyError(error) && error.message.startsWith('NOPERM')) return null;
  throw error;
}
