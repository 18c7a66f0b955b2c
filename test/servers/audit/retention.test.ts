import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redisRetention } from '../../../src/adapters/store/redis-retention.ts';
import { add, ended, noted } from '../../journal-conformance.ts';
import { type AuditedStore, auditedStore, FIRST, SECOND } from './audited-store.ts';

const DAY_MS = 24 * 60 * 60_000;

let site: AuditedStore;
beforeEach(async () => {
  site = await auditedStore();
  await add(site.journal, FIRST, [ended]);
  await site.anchors();
});
afterEach(() => site.close());

/** As it will be in so many days. */
const inDays = (days: number) =>
  redisRetention(site.redis, {
    store: site.audit,
    keepMs: 30 * DAY_MS,
    now: () => Date.now() + days * DAY_MS,
  });

describe('retention', () => {
  it('takes out what ended long ago, and leaves the rest verifiable', async () => {
    await site.anchors(inDays(31));
    expect(await site.journal.find(FIRST.op)).toBeUndefined();
    expect(await site.journal.read(FIRST)).toEqual([]);
    expect(await site.journal.read(SECOND)).toHaveLength(4);
    expect(await site.redis.xlen(site.keys.feed)).toBe(1);
    expect(await site.verify()).toEqual(['everything fits: 2 operations, 8 entries, 3 anchors']);
    await add(site.journal, SECOND, [noted]);
    await site.anchors();
    expect(await site.verify()).toEqual(['everything fits: 2 operations, 9 entries, 4 anchors']);
  });

  it('leaves what ended lately', async () => {
    await site.anchors(inDays(29));
    expect(await site.verify()).toEqual(['everything fits: 3 operations, 13 entries, 2 anchors']);
  });

  it('does not excuse that another operation is gone', async () => {
    await site.anchors(inDays(31));
    await site.redis.hdel(site.keys.operations, SECOND.op);
    expect((await site.verify())[0]).toBe(
      'op-3333: it is missing: anchor 2 has seen 4 entries of it',
    );
  });

  it('leaves an operation that moved after it was named', async () => {
    const retention = inDays(31);
    const old = await retention.old();
    await add(site.journal, FIRST, [noted]);
    if (old !== undefined) await retention.remove(old);
    expect(await site.journal.read(FIRST)).toHaveLength(6);
  });
});
