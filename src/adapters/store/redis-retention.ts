import type { Redis } from 'ioredis';
import * as z from 'zod';
import { OpId, ZoneName } from '../../domain/ids.ts';
import type { AnchoredHead } from '../../jobs/audit/anchor.ts';
import type { AuditStore } from '../../jobs/audit/audit-store.ts';
import { compareCursors } from '../../jobs/audit/compare-cursors.ts';
import type { Old, Retention } from '../../jobs/audit/retention.ts';
import { journalKeys } from './journal-keys.ts';
import { luaScript } from './lua-script.ts';
import { reading, writing } from './store-failure.ts';

const AT_ONCE = 1_000;

/** KEYS: heads, operations, recent, entries, until when is removed. ARGV: operation, sequence, that time. */
const REMOVE = `
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local head = cjson.decode(text)
if not head.ended or head.seq ~= tonumber(ARGV[2]) then return 0 end
redis.call('DEL', KEYS[4])
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SET', KEYS[5], ARGV[3])
return 1
`;

const Written = z.looseObject({ at: z.number() });

export interface RetentionOptions {
  readonly store: Pick<AuditStore, 'heads'>;
  readonly keepMs: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  readonly prefix?: string;
}

export function redisRetention(
  redis: Redis,
  { store, keepMs, now, prefix = 'sb:' }: RetentionOptions,
): Retention {
  const keys = journalKeys(prefix);
  const remove = luaScript(redis, REMOVE);

  async function oldOf(zone: ZoneName, before: number): Promise<[OpId, AnchoredHead][]> {
    const ops = await reading(redis.zrange(keys.recent(zone), '0', String(AT_ONCE - 1)));
    const refs = ops.map((op) => ({ op: OpId.parse(op), zone }));
    const heads = await store.heads(refs);
    const found: [OpId, AnchoredHead][] = [];
    for (const ref of refs) {
      const head = heads.get(ref.op);
      if (!head?.ended) continue;
      const text = await reading(redis.lindex(keys.entries(ref), '-1'));
      if (text !== null && Written.parse(JSON.parse(text)).at < before) found.push([ref.op, head]);
    }
    return found;
  }

  return {
    async old(): Promise<Old | undefined> {
      const before = now() - keepMs;
      const zones = z.array(ZoneName).parse(await reading(redis.smembers(keys.zones)));
      const found = (await Promise.all(zones.map((zone) => oldOf(zone, before)))).flat();
      const [last] = await reading(redis.xrevrange(keys.feed, '+', '-', 'COUNT', 1));
      if (found.length === 0 || last === undefined) return undefined;
      const wanted = `${before}-0`;
      // The newest item stays: by it everybody knows the store again.
      const feedFrom = compareCursors(wanted, last[0]) < 0 ? wanted : last[0];
      return { removed: Object.fromEntries(found), before, feedFrom };
    },
    async remove({ removed, before, feedFrom }) {
      for (const [op, { zone, seq }] of Object.entries(removed)) {
        const entries = keys.entries({ op: OpId.parse(op), zone });
        const indexes = [keys.heads(zone), keys.operations, keys.recent(zone)];
        const of = [...indexes, entries, keys.removedBefore(zone)];
        await writing(remove(of, [op, seq, before]));
      }
      await writing(redis.xtrim(keys.feed, 'MINID', feedFrom));
    },
  };
}
