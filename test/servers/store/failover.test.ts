import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { redisDuties } from '../../../src/adapters/store/redis-duties.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import type { Journal } from '../../../src/jobs/journal/journal.ts';
import { add, create, noted, OP } from '../../journal-conformance.ts';
import { eventually } from '../program/eventually.ts';
import { replicatedRedis } from './replicated-redis.ts';

async function replicatedStore({
  onTestFinished,
}: {
  onTestFinished: (end: () => Promise<void>) => void;
}) {
  const redis = await replicatedRedis();
  const store = await openStore({ env: { REDIS_URL: redis.url } });
  onTestFinished(async () => {
    await store.close();
    await redis.close();
  });
  const { replicas } = store;
  return { redis, store, journal: redisJournal(store.connection('commands'), { replicas }) };
}

describe.concurrent('a store behind three Sentinels', () => {
  it('has after a failover everything that was acknowledged before, over the same connections', async (context) => {
    const { redis, store, journal } = await replicatedStore(context);
    expect(store).toMatchObject({
      replicas: 1,
      name: expect.stringMatching(/^Redis at farm of 127/),
    });
    await create(journal, OP);
    let acknowledged = 1;
    const appending = (async () => {
      for (;;) {
        await add(journal, OP, [noted]);
        acknowledged += 1;
      }
    })();
    await eventually(() => acknowledged > 50);
    // On a slow machine no replica may say in time that it has the last one.
    const ended = expect(appending).rejects.toMatchObject({
      code: expect.stringMatching(/^store\.(unreachable|unconfirmed)$/),
      effect: 'unknown',
    });
    await Promise.all([redis.kill(), ended]);
    await redis.failedOver();
    const entries = await eventualEntries(journal);
    expect(entries).toBeGreaterThanOrEqual(acknowledged);
    await eventually(
      async () => (await add(journal, OP, [noted]).catch(() => undefined)) !== undefined,
    );
  });

  it('does not count what no replica has, and that is what a failover then loses', async (context) => {
    const { redis, store, journal } = await replicatedStore(context);
    const duties = redisDuties(store.connection('commands'), { replicas: store.replicas });
    await create(journal, OP);
    for (const { child } of redis.replicas) child.kill('SIGSTOP');
    const admin = store.connection('commands');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'replica');
    await expect(add(journal, OP, [noted])).rejects.toMatchObject({ code: 'store.refused' });
    await admin.config('SET', 'min-replicas-to-write', '0');
    for (const attempt of [
      () => add(journal, OP, [noted]),
      () => journal.acquire(OP, 'ours', 15_000),
      () => duties.take('talk on irc', 'ours', 10_000),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        code: 'store.unconfirmed',
        effect: 'unknown',
        message: 'The store has it on one machine only: no replica said in time that it has it',
      });
    }
    expect(await journal.read(OP)).toHaveLength(2);
    await redis.kill();
    for (const { child } of redis.replicas) child.kill('SIGCONT');
    await redis.failedOver();
    expect(await eventualEntries(journal)).toBe(1);
    await eventually(
      async () => (await journal.acquire(OP, 'ours', 15_000).catch(() => undefined))?.epoch === 1,
    );
  });

  it('is refused when a server would take writes that no replica has', async (context) => {
    const { redis, store } = await replicatedStore(context);
    await store.connection('commands').config('SET', 'min-replicas-to-write', '0');
    await expect(openStore({ env: { REDIS_URL: redis.url } })).rejects.toMatchObject({
      code: 'store.volatile',
      message: expect.stringContaining('min-replicas-to-write is 0, not 1'),
    });
  });
});

/** How many entries there are, once somebody answers again. */
async function eventualEntries(journal: Journal): Promise<number> {
  let entries: number | undefined;
  await eventually(async () => {
    entries = await journal.read(OP).then(
      ({ length }) => length,
      () => undefined,
    );
    return entries !== undefined;
  });
  return entries ?? 0;
}
