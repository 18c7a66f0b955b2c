import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commandOptions } from '../../../src/adapters/store/connection.ts';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import type { Store } from '../../../src/adapters/store/store.ts';
import type { FeedItem } from '../../../src/jobs/journal/journal.ts';
import {
  add,
  create,
  journalConformance,
  noted,
  OP,
  opNumber,
  STAGING,
} from '../../journal-conformance.ts';
import { redisUnderTest } from '../../redis-under-test.ts';
import { until } from '../../until.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'sb-'));
const open = (dataDir: string) => openStore({ dataDir, env: { PATH: process.env.PATH } });

/** The process id, by the server's own word. */
async function pidOf(redis: Redis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
}

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

describe('the journal in a Redis that keeps everything', () => {
  const dataDir = folder();
  let store: Store;
  beforeAll(async () => {
    store = await open(dataDir);
  });
  afterAll(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });
  journalConformance(async () => redisUnderTest(store));
});

describe('a server of our own', () => {
  let dataDir: string;
  let store: Store;
  beforeEach(async () => {
    dataDir = folder();
    store = await open(dataDir);
  });
  afterEach(async () => {
    await store.close();
    rmSync(dataDir, { recursive: true });
  });

  const commands = () => store.connection('commands');

  it('stops with the store and has everything when it is started again', async () => {
    const pid = await pidOf(commands());
    await create(redisJournal(commands()), OP);
    await store.close();
    await until(() => isGone(pid));
    store = await open(dataDir);
    expect(await redisJournal(commands()).read(OP)).toHaveLength(1);
  });

  it('has every entry that was acknowledged before it was killed', async () => {
    const journal = redisJournal(commands());
    const pid = await pidOf(commands());
    const acknowledged: number[] = [];
    const writer = async (nth: number) => {
      const ref = { op: opNumber(nth), zone: STAGING };
      await create(journal, ref);
      for (let seq = 1; ; seq++) {
        await add(journal, ref, [noted]);
        acknowledged[nth] = seq;
      }
    };
    const writers = Promise.allSettled([...Array(20).keys()].map(writer));
    await until(() => acknowledged.filter((seq) => seq >= 20).length === 20);
    process.kill(pid, 'SIGKILL');
    for (const outcome of await writers) {
      expect(outcome).toMatchObject({ reason: { code: 'store.unreachable', effect: 'unknown' } });
    }
    await until(() => isGone(pid));
    await expect(journal.read(OP)).rejects.toMatchObject({
      code: 'store.unreachable',
      effect: 'none',
    });
    await restartKilled();
    for (const [nth, seq] of acknowledged.entries()) {
      const entries = await redisJournal(commands()).read({ op: opNumber(nth), zone: STAGING });
      expect(entries.length).toBeGreaterThan(seq);
    }
  });

  /** The way an operator does: as a new process, which finds that of the one before gone. */
  async function restartKilled(): Promise<void> {
    await store.close();
    store = await open(dataDir);
  }

  it('says that it does not know what came of an append whose connection broke, and sends none twice', async () => {
    const journal = redisJournal(commands());
    const admin = commands();
    await create(journal, OP);
    const outcomes: PromiseSettledResult<unknown>[] = [];
    const writer = async (nth: number) => {
      for (let round = 0; round < 50; round++) {
        const because = `${nth}/${round}`;
        const appended = add(journal, OP, [{ kind: 'cancel-requested', because }]);
        outcomes.push(...(await Promise.allSettled([appended])));
      }
    };
    const writers = Promise.all([...Array(8).keys()].map(writer));
    for (let cut = 1; cut <= 5; cut++) {
      await until(() => outcomes.length >= cut * 60);
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    }
    await writers;
    const lost = outcomes.filter(({ status }) => status === 'rejected');
    expect(lost.length).toBeGreaterThan(0);
    for (const one of lost) {
      expect(one).toMatchObject({ reason: { code: 'store.unreachable', effect: 'unknown' } });
    }
    const entries = await journal.read(OP);
    const said = entries.map(({ event }) => JSON.stringify(event));
    expect(new Set(said).size).toBe(said.length);
    expect(entries.length - 1).toBeGreaterThanOrEqual(outcomes.length - lost.length);
  });

  it('is used again by the same connections when it comes back, and the feed goes on', async () => {
    const journal = redisJournal(commands());
    const pid = await pidOf(commands());
    const items: FeedItem[] = [];
    const stop = new AbortController();
    const following = (async () => {
      for await (const item of journal.feed('0', stop.signal)) items.push(item);
    })();
    await create(journal, OP);
    await until(() => items.length === 1);
    process.kill(pid, 'SIGKILL');
    await until(() => isGone(pid));
    const again = await open(dataDir);
    await until(
      async () => (await add(journal, OP, [noted]).catch(() => undefined))?.kind === 'ok',
    );
    await until(() => items.length === 2);
    expect(items.map(({ seq }) => seq)).toEqual([0, 1]);
    stop.abort();
    await following;
    await again.close();
  });

  it(
    'does not answer for ever when it is frozen',
    async () => {
      const journal = redisJournal(commands());
      const pid = await pidOf(commands());
      await create(journal, OP);
      process.kill(pid, 'SIGSTOP');
      try {
        const appended = add(journal, OP, [noted]);
        await expect(appended).rejects.toMatchObject({
          code: 'store.unreachable',
          effect: 'unknown',
        });
      } finally {
        process.kill(pid, 'SIGCONT');
      }
    },
    commandOptions.commandTimeout * 3,
  );

  it('is not shared with another process that is alive', async () => {
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'store.in-use',
      message: `The store in ${dataDir} is in use: process ${process.pid} runs it`,
    });
  });

  it('is taken over when the process that started it is gone', async () => {
    const pid = await pidOf(commands());
    writeFileSync(join(dataDir, 'owner.pid'), '999999999');
    const again = await open(dataDir);
    expect(await pidOf(again.connection('commands'))).toBe(pid);
    expect(readFileSync(join(dataDir, 'owner.pid'), 'utf8')).toBe(String(process.pid));
  });

  it('lets nobody else in', () => {
    const modes = execFileSync('stat', ['-c', '%a', dataDir, join(dataDir, 'redis.sock')]);
    expect(modes.toString()).toBe('700\n600\n');
  });

  it('says what to set when it was made to lose things', async () => {
    await commands().config('SET', 'appendfsync', 'everysec');
    writeFileSync(join(dataDir, 'owner.pid'), '999999999');
    await expect(open(dataDir)).rejects.toMatchObject({
      code: 'store.volatile',
      message: `Redis in ${dataDir} may lose what it acknowledged: appendfsync is everysec, not always`,
      next: 'Set `appendonly yes`, `appendfsync always` and `maxmemory-policy noeviction` in its redis.conf, then start again.',
    });
  });

  it('serves a worker of one zone that may touch no other, and the feed only to write', async () => {
    const journal = redisJournal(commands());
    await create(journal, OP);
    await commands().acl(
      'SETUSER',
      'staging',
      'on',
      '>pw',
      '+@all',
      '%RW~sb:z:staging:*',
      '%W~sb:feed',
    );
    await commands().acl('SETUSER', 'staging', '%RW~sb:operations', '%RW~sb:zones');
    const redis = commands();
    await redis.auth('staging', 'pw');
    const worker = redisJournal(redis);
    const lease = await worker.acquire(OP, 'w1', 15_000);
    const { epoch } = lease ?? {};
    expect((await add(worker, OP, [noted], { epoch })).kind).toBe('ok');
    await expect(
      add(worker, { ...OP, zone: 'production' as never }, [noted]),
    ).rejects.toMatchObject({
      code: 'store.refused',
      effect: 'none',
    });
    await expect(redis.xread('STREAMS', 'sb:feed', '0')).rejects.toThrow('NOPERM');
  });
});
