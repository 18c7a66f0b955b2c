import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  type EmbeddedStore,
  embeddedStore,
} from '../../../../src/adapters/store/embedded-store.ts';
import { guardedJournal } from '../../../../src/adapters/store/history/guarded-journal.ts';
import { markFile } from '../../../../src/adapters/store/history/mark-file.ts';
import {
  type RedisHistory,
  redisHistory,
} from '../../../../src/adapters/store/history/redis-history.ts';
import { guardStore, type StoreGuard } from '../../../../src/adapters/store/history/store-guard.ts';
import { journalKeys } from '../../../../src/adapters/store/journal-keys.ts';
import { redisJournal } from '../../../../src/adapters/store/redis-journal.ts';
import type { Journal } from '../../../../src/jobs/journal/journal.ts';
import { add, create, noted, OP, STAGING } from '../../../journal-conformance.ts';

let store: EmbeddedStore;
let redis: Redis;
let history: RedisHistory;
let logged: string[];
let path: string;
beforeAll(async () => {
  store = await embeddedStore();
  redis = store.connection('commands');
  history = redisHistory(redis);
});
afterAll(() => store.close());
beforeEach(async () => {
  await redis.flushall();
  logged = [];
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-marks-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  path = join(folder, 'seen.json');
});

/** A process that remembers what it has seen in a file. */
async function start(): Promise<{ guard: StoreGuard; journal: Journal }> {
  const guard = await guardStore({
    history,
    file: markFile(path),
    zones: () => [STAGING],
    now: Date.now,
    log: (message) => logged.push(message),
  });
  return { guard, journal: guardedJournal(redisJournal(redis), guard) };
}

async function ranOnce(): Promise<void> {
  const { guard, journal } = await start();
  await create(journal, OP);
  await add(journal, OP, [noted, noted]);
  await guard.stop();
}

const isReadOnly = async () => (await history.readOnly([STAGING]))?.because;
const LACKS = /^the store does not have entry 2 of op-7k2m any more, which was there at /;

describe('a process that starts', () => {
  it('goes on with the store that it knows', async () => {
    await ranOnce();
    const { journal, guard } = await start();
    expect((await add(journal, OP, [noted])).kind).toBe('ok');
    expect(await isReadOnly()).toBeUndefined();
    await guard.stop();
  });

  it('finds a store that came up empty, and nothing can be changed there', async () => {
    await ranOnce();
    await redis.flushall();
    const { journal, guard } = await start();
    expect(await isReadOnly()).toMatch(LACKS);
    expect(logged).toEqual([
      expect.stringMatching(/^the store is read-only from now on: the store does/),
    ]);
    await expect(create(journal, OP)).rejects.toMatchObject({ code: 'store.read-only' });
    const lock = { key: 'host/builder-07', by: 'ana', because: 'disk' };
    await expect(journal.lockByHand(STAGING, lock, '0 ')).rejects.toMatchObject({
      code: 'store.read-only',
    });
    await guard.stop();
  });

  it('finds a store that is older, and no worker gets anything of it', async () => {
    const { heads, entries } = journalKeys('sb:');
    const first = await start();
    await create(first.journal, OP);
    const head = (await redis.hget(heads(STAGING), OP.op)) ?? '';
    await add(first.journal, OP, [noted, noted]);
    await first.guard.stop();
    await redis.ltrim(entries(OP), 0, 0);
    await redis.hset(heads(STAGING), OP.op, head);
    const { journal, guard } = await start();
    expect(await isReadOnly()).toMatch(LACKS);
    expect(await journal.due(STAGING, 10)).toEqual([]);
    expect(await journal.acquire(OP, 'mine', 15_000)).toBeUndefined();
    await guard.stop();
  });

  it('finds another history of the same length', async () => {
    await ranOnce();
    await redis.flushall();
    const other = redisJournal(redis);
    await create(other, OP);
    await add(other, OP, [noted, { kind: 'hold-requested', because: 'another one' }]);
    const { guard } = await start();
    expect(await isReadOnly()).toMatch(/^the store has another entry 2 of op-7k2m than at /);
    await guard.stop();
  });

  it('takes the store as it is once somebody has accepted it', async () => {
    await ranOnce();
    await redis.flushall();
    await (await start()).guard.stop();
    await history.accept([STAGING], { at: Date.now(), by: 'ana' });
    const { journal, guard } = await start();
    expect(await isReadOnly()).toBeUndefined();
    expect((await create(journal, OP)).kind).toBe('ok');
    await guard.stop();
  });

  it('excuses what was taken out for its age, and not what was lost since', async () => {
    await ranOnce();
    await redis.flushall();
    await redis.set('sb:z:staging:removed-before', Date.now() + 1);
    await (await start()).guard.stop();
    expect(await isReadOnly()).toBeUndefined();
    await redis.set('sb:z:staging:removed-before', 1);
    await (await start()).guard.stop();
    expect(await isReadOnly()).toMatch(LACKS);
  });

  it('does not start when nobody can tell what it has seen', async () => {
    writeFileSync(path, 'torn');
    await expect(start()).rejects.toThrow();
  });
});

describe('a process whose connection was made anew', () => {
  it('looks at the store before it changes anything', async () => {
    const { guard, journal } = await start();
    await create(journal, OP);
    await add(journal, OP, [noted, noted]);
    await redis.flushall();
    guard.doubt();
    await expect(create(journal, OP)).rejects.toMatchObject({ code: 'store.read-only' });
    await guard.stop();
  });

  it('lets nothing pass while it is still looking', async () => {
    const { guard, journal } = await start();
    await create(journal, OP);
    await add(journal, OP, [noted, noted]);
    await redis.flushall();
    guard.doubt();
    const looking = guard.pass();
    await expect(create(journal, OP)).rejects.toMatchObject({ code: 'store.read-only' });
    await looking;
    await guard.stop();
  });

  it('looks once more where the connection broke while it looked', async () => {
    let looks = 0;
    const contradiction: RedisHistory['contradiction'] = async (zone, mark) => {
      looks += 1;
      // The answer is from before.
      if (looks === 2) guard.doubt();
      return looks === 2 ? undefined : history.contradiction(zone, mark);
    };
    const guard = await guardStore({
      history: { ...history, contradiction },
      zones: () => [STAGING],
      now: Date.now,
      log: () => {},
    });
    guard.saw(STAGING, { op: OP.op, seq: 2, at: Date.now(), digest: 'of what is lost' });
    looks = 1;
    guard.doubt();
    await guard.pass();
    expect(await isReadOnly()).toMatch(LACKS);
    await guard.stop();
  });

  it('misses the very last entry, also after it was read again', async () => {
    const { heads, entries } = journalKeys('sb:');
    const { guard, journal } = await start();
    await create(journal, OP);
    await add(journal, OP, [noted]);
    const head = (await redis.hget(heads(STAGING), OP.op)) ?? '';
    await add(journal, OP, [noted]);
    await journal.read(OP);
    await redis.ltrim(entries(OP), 0, 1);
    await redis.hset(heads(STAGING), OP.op, head);
    guard.doubt();
    await guard.pass();
    expect(await isReadOnly()).toMatch(LACKS);
    await guard.stop();
  });

  it('goes by the newest that was ever seen, whatever it reads since', async () => {
    const { guard, journal } = await start();
    await create(journal, OP);
    guard.saw(STAGING, { op: OP.op, seq: 2, at: Date.now() + 60_000, digest: 'of what is lost' });
    await journal.read(OP);
    guard.doubt();
    await guard.pass();
    expect(await isReadOnly()).toMatch(LACKS);
    await guard.stop();
  });

  it('also knows what others appended, from what it read', async () => {
    const { guard, journal } = await start();
    const other = redisJournal(redis);
    await create(other, OP);
    await add(other, OP, [noted, noted]);
    await journal.read(OP);
    await redis.flushall();
    guard.doubt();
    await guard.pass();
    expect(await isReadOnly()).toMatch(LACKS);
    await guard.stop();
  });
});
