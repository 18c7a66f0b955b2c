import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId, ZoneName } from '../../domain/ids.ts';
import type { AnchoredHead } from '../../jobs/audit/anchor.ts';
import type { AuditStore } from '../../jobs/audit/audit-store.ts';
import type { FeedItem, OpRef } from '../../jobs/journal/journal.ts';
import { journalKeys } from './journal-keys.ts';
import { READ } from './lua/read.ts';
import { luaScript } from './lua-script.ts';
import { FeedEntry } from './redis-feed.ts';
import { reading } from './store-failure.ts';

const AT_ONCE = 1_000;

const Stored = z.tuple([z.string(), z.array(z.string())]);
const StoredHead = z.looseObject({
  seq: z.int().positive(),
  digest: z.string(),
  ended: z.boolean().optional(),
});
const FeedEntries = z.array(FeedEntry);

export function redisAudit(
  redis: Redis,
  { prefix = 'sb:' }: { readonly prefix?: string } = {},
): AuditStore {
  const keys = journalKeys(prefix);
  const script = luaScript(redis, READ);
  return {
    async operations() {
      const all = await reading(redis.hgetall(keys.operations));
      return Object.entries(all).map(([op, zone]) => refOf(op, zone));
    },
    async journal(ref) {
      const reply = await reading(script([keys.heads(ref.zone), keys.entries(ref)], [ref.op, 0]));
      const [head, texts] = Stored.parse(reply);
      return { texts, head: headOf(ref.zone, head) };
    },
    async heads(refs) {
      const found = new Map<OpId, AnchoredHead>();
      for (const [zone, ofZone] of Map.groupBy(refs, (ref) => ref.zone)) {
        const ops = ofZone.map(({ op }) => op);
        const texts = await reading(redis.hmget(keys.heads(zone), ...ops));
        for (const [place, op] of ops.entries()) {
          const head = headOf(zone, texts[place] ?? '');
          if (head !== undefined) found.set(op, head);
        }
      }
      return found;
    },
    feedAfter: (cursor) => feedAfter(redis, keys.feed, cursor),
  };
}

async function* feedAfter(redis: Redis, key: string, start: string): AsyncGenerator<FeedItem> {
  for (let cursor = start; ; ) {
    const found = await reading(redis.xrange(key, `(${cursor}`, '+', 'COUNT', AT_ONCE));
    const items = FeedEntries.parse(found);
    yield* items;
    const last = items.at(-1);
    if (last === undefined) return;
    cursor = last.cursor;
  }
}

function refOf(op: string, zone: string): OpRef {
  return { op: OpId.parse(op), zone: ZoneName.parse(zone) };
}

export function headOf(zone: ZoneName, text: string): AnchoredHead | undefined {
  if (text === '') return undefined;
  const { seq, digest, ended } = StoredHead.parse(JSON.parse(text));
  return { zone, seq, digest, ...(ended === true && { ended }) };
}
