import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redisInstallTokens } from '../../../src/adapters/infra/install-server/redis-install-tokens.ts';
import { keysOf } from '../../../src/adapters/store/key-rights.ts';
import { foreignZones, lackingRights } from '../../../src/adapters/store/lacking-rights.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisMessages } from '../../../src/adapters/store/redis-messages.ts';
import { redisStepLog } from '../../../src/adapters/store/redis-step-log.ts';
import { HostName, OpId, StepId, UserId, ZoneName } from '../../../src/domain/ids.ts';
import type { Journal, OpRef } from '../../../src/jobs/journal/journal.ts';
import { trustIn } from '../../../src/jobs/signing/trust.ts';
import { verifyingJournal } from '../../../src/jobs/signing/verifying-journal.ts';
import { add, create, noted, OP } from '../../journal-conformance.ts';
import { type RedisWithUsers, redisWithUsers } from './redis-with-users.ts';

const [staging, production] = [ZoneName.parse('staging'), ZoneName.parse('production')];
const THEIRS: OpRef = { op: OpId.parse('op-prqd'), zone: production };
const host = HostName.parse('builder-01');
/** Whether what is written stays, which store is accepted, and whether break-glass is open: none of it is secret. */
const READ_BY_WORKERS = ['sb:durable', 'sb:accepted', 'sb:ledger:glass'];
const approved = {
  kind: 'approved',
  subject: { plan: 'x'.repeat(64) },
  network: 'matrix',
} as const;

describe('the Redis user of a worker of staging', () => {
  let server: RedisWithUsers;
  let admin: Redis;
  let bot: Redis;
  let worker: Redis;
  let asBot: Journal;
  let asWorker: Journal;

  beforeAll(async () => {
    server = await redisWithUsers([staging, production]);
    admin = await server.as('signalbox-admin');
    bot = await server.as('signalbox-bot');
    worker = await server.as('signalbox-worker-staging');
    [asBot, asWorker] = [redisJournal(bot), redisJournal(worker)];
    await create(asBot, OP);
    await create(asBot, THEIRS);
    const theirs = redisJournal(await server.as('signalbox-worker-production'));
    await theirs.acquire(THEIRS, 'theirs', 60_000);
    await redisStepLog(bot).write(THEIRS, StepId.parse('drain'), 'secret');
    await redisHostKeys(admin, { zone: production }).replace(host, 'key', 'accepted');
    await redisInstallTokens(bot, { zone: production }).open('token', {
      op: THEIRS.op,
      host,
    } as never);
    await redisMessages(bot).remember('matrix', 'approval of op-prqd', '$event');
  });
  afterAll(() => server.close());

  const refused = (answer: Promise<unknown>) =>
    expect(answer).rejects.toThrow(/NOPERM|user executing the script can't/);
  const call = (...[name = '', ...args]: string[]) => worker.call(name, ...args);

  it('does its work: takes an operation of staging, appends to it and lets go', async () => {
    const lease = await asWorker.acquire(OP, 'ours', 15_000);
    expect(await add(asWorker, OP, [noted], { epoch: lease?.epoch ?? 0 })).toMatchObject({
      kind: 'ok',
    });
    await asWorker.release(OP, 'ours', lease?.epoch ?? 0, null);
    const child = { op: OpId.parse('op-chhd'), zone: staging };
    expect((await create(asWorker, child)).kind).toBe('ok');
    expect(await asBot.find(child.op)).toEqual(child);
    expect(await asBot.open()).toContainEqual(child);
  });

  it('reads no key of production, whatever kind it is', async () => {
    const keys = await admin.keys('sb:z:production:*');
    expect(keys.length).toBeGreaterThan(6);
    for (const key of keys) {
      for (const command of ['TYPE', 'DUMP', 'GET', 'HGETALL', 'SMEMBERS', 'TTL']) {
        await refused(call(command, key));
      }
      await refused(call('OBJECT', 'ENCODING', key));
      await refused(call('COPY', key, 'sb:z:staging:mine'));
      await refused(call('EVAL', `return redis.call('TYPE', '${key}')`, '0'));
    }
    await refused(call('LRANGE', `sb:z:production:op:${THEIRS.op}:entries`, '0', '-1'));
    await expect(asWorker.read(THEIRS)).rejects.toMatchObject({ code: 'store.refused' });
  });

  it.each(READ_BY_WORKERS)(
    'reads %s, which the installation shares, and writes nothing there',
    async (key) => {
      expect(await call('TYPE', key)).toMatch(/^(none|string|hash|list)$/);
      for (const [command = '', ...more] of [
        ['SET', '{}'],
        ['RPUSH', '{}'],
        ['HSET', 'a', 'b'],
      ]) {
        await refused(call(command, key, ...more));
      }
      await refused(call('DEL', key));
    },
  );

  it('reads nothing else of what the installation shares, though it writes some of that', async () => {
    await refused(call('XRANGE', 'sb:feed', '-', '+'));
    await refused(call('HGETALL', 'sb:operations'));
    await refused(call('SMEMBERS', 'sb:zones'));
    for (const { keys, right } of keysOf({ kind: 'bot' }).filter(({ keys }) => !/:z:/.test(keys))) {
      if (READ_BY_WORKERS.includes(keys)) continue;
      await refused(call('DUMP', keys.replace('*', 'x')));
      expect(right).toContain('R');
    }
  });

  it('appends nothing to journals of production, also not by hand', async () => {
    const before = await asBot.read(THEIRS);
    await expect(add(asWorker, THEIRS, [noted])).rejects.toMatchObject({
      code: 'store.refused',
      effect: 'none',
    });
    const entries = `sb:z:production:op:${THEIRS.op}:entries`;
    await refused(call('RPUSH', entries, '{}'));
    await refused(call('EVAL', `return redis.call('RPUSH', KEYS[1], '{}')`, '1', entries));
    await refused(call('EVAL', `return redis.call('RPUSH', '${entries}', '{}')`, '0'));
    await refused(call('RENAME', 'sb:z:staging:heads', 'sb:z:production:heads'));
    await refused(call('DEL', entries));
    await refused(call('ZADD', 'sb:z:production:due', '0', THEIRS.op));
    await expect(asWorker.acquire(THEIRS, 'mine', 1)).rejects.toMatchObject({ effect: 'none' });
    expect(await asBot.read(THEIRS)).toEqual(before);
    const fed = await bot.xrange('sb:feed', '-', '+');
    expect(fed.filter(([, fields]) => fields.includes(THEIRS.op))).toHaveLength(before.length);
  });

  it('forges no approval of an operation of production, neither the entry nor the message that is reacted to', async () => {
    const forged = { events: [approved], by: UserId.parse('ben'), seq: 1 };
    await expect(asWorker.append(THEIRS, forged)).rejects.toMatchObject({ code: 'store.refused' });
    await refused(call('SET', 'sb:messages:matrix:is:$other', 'approval of op-prqd'));
    await refused(call('SET', 'sb:seen:matrix:$event', THEIRS.op));
    await refused(call('HSET', 'sb:cursors', 'narrator matrix', '0'));
    await refused(call('SET', 'sb:durable', '{}'));
    expect((await asBot.read(THEIRS)).map(({ event }) => event.kind)).not.toContain('approved');
  });

  it('can write an approval into a journal of staging, where it does not count: no bot has signed it', async () => {
    const { seq = 0 } = (await asBot.read(OP)).at(-1) ?? {};
    const forged = { events: [approved], by: UserId.parse('ben'), seq: seq + 1 };
    expect((await asWorker.append(OP, forged)).kind).toBe('ok');
    const read = await verifyingJournal(asBot, trustIn([])).read(OP);
    expect(read.at(-1)).toMatchObject({ by: 'ben', unvouched: 'it carries no signature' });
  });

  it('uses no command that sees or changes keys without naming them, or that shows what others do', async () => {
    const commands = [
      'KEYS *',
      'SCAN 0',
      'RANDOMKEY',
      'DBSIZE',
      'MONITOR',
      'SYNC',
      'PSYNC ? -1',
      'CONFIG GET masterauth',
      'CLIENT LIST',
      'CLIENT TRACKING ON BCAST',
      'ACL LIST',
      'ACL SETUSER me',
      'FUNCTION LIST',
      'SCRIPT FLUSH',
      'FLUSHALL',
      'SWAPDB 0 1',
      'REPLICAOF NO ONE',
      'SHUTDOWN',
      'SUBSCRIBE __keyspace@0__:sb:z:production:heads',
    ];
    for (const command of commands) await refused(call(...command.split(' ')));
  });

  it('lacks nothing that its list names, nor does the bot, and a look at that says what is missing', async () => {
    const zone = staging;
    expect(await lackingRights(worker, { kind: 'worker', zone })).toEqual([]);
    expect(await lackingRights(bot, { kind: 'bot' })).toEqual([]);
    expect(await foreignZones(worker, [production])).toEqual([]);
    expect(await foreignZones(bot, [production])).toEqual([production]);
    const other = await lackingRights(worker, { kind: 'worker', zone: production });
    expect(other).toEqual(['%R~sb:z:production:*', '%W~sb:z:production:*']);
    await admin.call('ACL', 'SETUSER', 'signalbox-worker-staging', '-wait');
    expect(await lackingRights(worker, { kind: 'worker', zone })).toEqual(['+wait']);
    await admin.call('ACL', 'SETUSER', 'signalbox-worker-staging', '+wait');
  });
});
