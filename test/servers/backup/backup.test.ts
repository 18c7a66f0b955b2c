import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBackup, writeBackup } from '../../../src/adapters/store/backup/backup-file.ts';
import { checkJournals } from '../../../src/adapters/store/backup/check-journals.ts';
import { readAll } from '../../../src/adapters/store/backup/read-all.ts';
import { isEmpty, removeAll, writeAll } from '../../../src/adapters/store/backup/write-all.ts';
import { redisHistory } from '../../../src/adapters/store/history/redis-history.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisMessages } from '../../../src/adapters/store/redis-messages.ts';
import { redisStepLog } from '../../../src/adapters/store/redis-step-log.ts';
import { StepId } from '../../../src/domain/ids.ts';
import { trustIn } from '../../../src/jobs/signing/trust.ts';
import { add, noted, STAGING } from '../../journal-conformance.ts';
import { type AuditedStore, auditedStore, FIRST, SECOND } from '../audit/audited-store.ts';

let site: AuditedStore;
let file: string;
beforeEach(async () => {
  site = await auditedStore();
  file = join(site.folder, 'backup.ndjson');
});
afterEach(() => site.close());

const everything = (redis: Redis) => readAll(redis).then(({ records }) => records);
const backup = async () => writeBackup(file, await readAll(site.redis), site.signer);

describe('a backup', () => {
  it('is readable by its user alone, and never replaces a file', async () => {
    await backup();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await expect(backup()).rejects.toMatchObject({ code: 'backup.not-written' });
    const { records } = await readBackup(file, site.trust);
    expect(await checkJournals({ at: 0, records }, site.trust)).toEqual([]);
  });

  it('gives back everything of every kind, with its expiry, when it is restored', async () => {
    const { redis, journal } = site;
    await journal.acquire(FIRST, 'mine', 15_000);
    await journal.saveCursor('narrator irc', '5-0');
    await redisMessages(redis).remember('irc', 'approval of op-2222', 'm1');
    const lock = { key: 'host/builder-07', by: 'ana', because: 'disk' };
    await journal.lockByHand(STAGING, lock, (await journal.claims(STAGING)).revision);
    const before = await everything(redis);
    expect(new Set(before.map(({ type }) => type))).toEqual(
      new Set(['hash', 'list', 'set', 'stream', 'string', 'zset']),
    );
    await backup();
    await redis.flushall();
    expect(await isEmpty(redis)).toBe(true);
    await writeAll(redis, (await readBackup(file, site.trust)).records);
    const after = await everything(redis);
    const timeless = (all: typeof after) => all.map((one) => ({ ...one, expiresAt: undefined }));
    expect(timeless(after)).toEqual(timeless(before));
    for (const [place, { expiresAt }] of before.entries()) {
      expect((after[place]?.expiresAt ?? 0) - (expiresAt ?? 0)).toBeLessThan(100);
    }
  });

  it('holds nothing that hosts said', async () => {
    await redisStepLog(site.redis).write(FIRST, StepId.parse('drain'), 'a secret');
    await backup();
    expect(await readFile(file, 'utf8')).not.toContain('a secret');
  });

  it('is of one moment, while others append', async () => {
    const reader = site.redis.duplicate();
    let appending = true;
    const writer = (async () => {
      while (appending) await add(site.journal, SECOND, [noted]);
    })();
    for (let round = 0; round < 5; round += 1) {
      const content = await readAll(reader);
      expect(await checkJournals(content, site.trust)).toEqual([]);
      const feed = content.records.find(({ key }) => key === 'feed');
      const entries = content.records.filter(({ key }) => key.endsWith(':entries'));
      const count = entries.reduce((sum, { value }) => sum + value.length, 0);
      expect(feed?.value.length).toBe(count);
    }
    appending = false;
    await writer;
    reader.disconnect();
  });

  it.each<[string, (text: string) => string]>([
    ['that was changed', (text) => text.replace('ana said so', 'ben said so')],
    ['that lacks a line', (text) => text.slice(text.indexOf('\n') + 1)],
    ['that was cut off', (text) => text.slice(0, text.length / 2)],
  ])('%s is not restored', async (_what, change) => {
    await backup();
    await writeFile(file, change(await readFile(file, 'utf8')));
    await expect(readBackup(file, site.trust)).rejects.toMatchObject({
      code: 'backup.not-trusted',
    });
  });

  it('that nobody trusted has signed is not restored', async () => {
    await backup();
    await expect(readBackup(file, trustIn([]))).rejects.toMatchObject({
      code: 'backup.not-trusted',
    });
  });
});

describe('a restore over an older state', () => {
  it('leaves nothing of what came since, and the store read-only', async () => {
    const { redis, journal } = site;
    const before = await everything(redis);
    await backup();
    await add(journal, SECOND, [noted, noted]);
    const history = redisHistory(redis);
    await history.close([STAGING], { since: 1, because: 'the store was restored' });
    await removeAll(redis, (key) => key.endsWith(':read-only'));
    await writeAll(redis, (await readBackup(file, site.trust)).records);
    expect(await everything(redis)).toEqual(before);
    expect(await redisJournal(redis).read(SECOND)).toHaveLength(4);
    await expect(add(journal, SECOND, [noted])).rejects.toMatchObject({ code: 'store.read-only' });
  });
});
