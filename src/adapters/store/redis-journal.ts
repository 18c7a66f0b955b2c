import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId, ZoneName } from '../../domain/ids.ts';
import { inLots } from '../../domain/in-lots.ts';
import type { Journal, OpRef } from '../../jobs/journal/journal.ts';
import { NO_ENTRIES, readChain } from './chain.ts';
import { type EntryMemory, entryMemory } from './entry-memory.ts';
import { type JournalKeys, journalKeys } from './journal-keys.ts';
import { knownHeads } from './known-heads.ts';
import { READ } from './lua/read.ts';
import { luaScript } from './lua-script.ts';
import { redisAppend } from './redis-append.ts';
import { redisClaims } from './redis-claims.ts';
import { redisFeed } from './redis-feed.ts';
import { redisLeases } from './redis-leases.ts';
import { storeClock } from './store-clock.ts';
import { reading, writing } from './store-failure.ts';

export interface RedisJournalOptions {
  /** What every key starts with. */
  readonly prefix?: string;
  /** How many replicas have to have what is appended before it counts; none when absent. */
  readonly replicas?: number;
}

const Stored = z.tuple([z.string(), z.array(z.string())]);
/** So that nobody else waits long for the store. */
const HEADS_AT_ONCE = 1_000;
const StoredHead = z.looseObject({ seq: z.number(), digest: z.string() });

/** The journal in Redis or Valkey, over a connection with `commandOptions`. It never closes that connection. */
export function redisJournal(redis: Redis, options: RedisJournalOptions = {}): Journal {
  const { prefix = 'sb:', replicas = 0 } = options;
  const keys = journalKeys(prefix);
  const known = knownHeads();
  const entries = entryMemory();
  const parts = { redis, keys, clock: storeClock(), known, entries, replicas };
  return {
    append: redisAppend(parts),
    read: redisRead(redis, keys, entries),
    ...redisLeases(parts),
    ...redisClaims(redis, keys, replicas),
    ...redisIndexes(redis, keys),
    feed: (cursor, signal) => redisFeed(redis, keys.feed, cursor, signal),
    async cursor(reader, first = 'beginning') {
      const saved = await reading(redis.hget(keys.cursors, reader));
      if (saved !== null || first === 'beginning') return saved ?? '0';
      const [last] = await reading(redis.xrevrange(keys.feed, '+', '-', 'COUNT', 1));
      await writing(redis.hsetnx(keys.cursors, reader, last?.[0] ?? '0'));
      return (await reading(redis.hget(keys.cursors, reader))) ?? '0';
    },
    async saveCursor(reader, cursor) {
      await writing(redis.hset(keys.cursors, reader, cursor));
    },
    async now() {
      const [seconds, microseconds] = await reading(redis.time());
      return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
    },
  };
}

function redisRead(redis: Redis, keys: JournalKeys, known: EntryMemory): Journal['read'] {
  const script = luaScript(redis, READ);
  return async (ref, from = 0) => {
    const reply = await reading(script([keys.heads(ref.zone), keys.entries(ref)], [ref.op, from]));
    const [headText, stored] = Stored.parse(reply);
    const head = headText === '' ? NO_ENTRIES : StoredHead.parse(JSON.parse(headText));
    const before = from > 0 ? stored[0] : undefined;
    const texts = from > 0 ? stored.slice(1) : stored;
    return readChain(ref, { from, before, texts, head }, known);
  };
}

type Indexes = Pick<Journal, 'find' | 'open' | 'countOpen' | 'lengths' | 'recent'>;

function redisIndexes(redis: Redis, keys: JournalKeys): Indexes {
  async function zones(): Promise<readonly ZoneName[]> {
    return z.array(ZoneName).parse(await reading(redis.smembers(keys.zones)));
  }

  /** Of every zone the newest, merged by the order in which they were created. */
  async function newest(
    key: (zone: ZoneName) => string,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<OpRef[]> {
    const ofZones = (await zones()).map((zone) => reading(newestOf(redis, key(zone), zone, limit)));
    const all = (await Promise.all(ofZones)).flat();
    return all
      .sort((a, b) => b.order - a.order)
      .slice(0, limit)
      .map(({ ref }) => ref);
  }

  return {
    async find(op) {
      const zone = await reading(redis.hget(keys.operations, op));
      return zone === null ? undefined : { op, zone: ZoneName.parse(zone) };
    },
    open: (limit) => newest(keys.open, limit),
    async countOpen() {
      const counts = (await zones()).map((zone) => reading(redis.zcard(keys.open(zone))));
      return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
    },
    async lengths(refs) {
      const found = new Map<OpId, number>();
      for (const [zone, ofZone] of Map.groupBy(refs, (ref) => ref.zone)) {
        for (const some of inLots(ofZone, HEADS_AT_ONCE)) {
          const ops = some.map(({ op }) => op);
          const heads = await reading(redis.hmget(keys.heads(zone), ...ops));
          for (const [place, op] of ops.entries()) found.set(op, lengthOf(heads[place] ?? null));
        }
      }
      return refs.map(({ op }) => found.get(op) ?? 0);
    },
    recent: (limit) => newest(keys.recent, limit),
  };
}

function lengthOf(head: string | null): number {
  return head === null ? 0 : StoredHead.parse(JSON.parse(head)).seq;
}

async function newestOf(redis: Redis, key: string, zone: ZoneName, limit: number) {
  const last = Number.isFinite(limit) ? limit - 1 : -1;
  const flat = await redis.zrevrange(key, 0, last, 'WITHSCORES');
  return flat.flatMap((text, index) => {
    if (index % 2 === 1) return [];
    return { ref: { op: OpId.parse(text), zone }, order: Number(flat[index + 1]) };
  });
}
