import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryBookmarks } from '../../../src/adapters/simulated/memory-bookmarks.ts';
import { memoryHostKeys } from '../../../src/adapters/simulated/memory-host-keys.ts';
import { memoryStepLog } from '../../../src/adapters/simulated/memory-step-log.ts';
import { memoryThreads } from '../../../src/adapters/simulated/memory-threads.ts';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisBookmarks } from '../../../src/adapters/store/redis-bookmarks.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisMessages } from '../../../src/adapters/store/redis-messages.ts';
import { redisStepLog } from '../../../src/adapters/store/redis-step-log.ts';
import { redisThreads } from '../../../src/adapters/store/redis-threads.ts';
import type { Store } from '../../../src/adapters/store/store.ts';
import { HostName, OpId, StepId, ZoneName } from '../../../src/domain/ids.ts';

const STAGING = ZoneName.parse('staging');
const PRODUCTION = ZoneName.parse('production');
const HOST = HostName.parse('builder-07');
const OP = { op: OpId.parse('op-7k2m'), zone: STAGING };
const STEP = StepId.parse('configure');

let store: Store;
beforeAll(async () => {
  store = await embeddedStore();
});
afterAll(() => store.close());
const redis = () => store.connection('commands');

describe.each([
  ['in memory', () => memoryHostKeys()],
  ['in Valkey', () => redisHostKeys(redis(), { zone: STAGING })],
])('host keys %s', (_, make) => {
  it('knows none at first, then the newest', async () => {
    const keys = make();
    expect(await keys.expected(HOST)).toBeUndefined();
    await keys.replace(HOST, 'ssh-ed25519 AAAA1', 'op-7k2m reinstalled it');
    await keys.replace(HOST, 'ssh-ed25519 AAAA2', 'ana accepted it');
    expect(await keys.expected(HOST)).toBe('ssh-ed25519 AAAA2');
  });
});

describe('host keys in Valkey', () => {
  it('are shared by the workers of a zone, and by no others, with the reason on record', async () => {
    await redisHostKeys(redis(), { zone: STAGING }).replace(HOST, 'ssh-ed25519 AAAA3', 'because');
    expect(await redisHostKeys(redis(), { zone: STAGING }).expected(HOST)).toBe(
      'ssh-ed25519 AAAA3',
    );
    expect(await redisHostKeys(redis(), { zone: PRODUCTION }).expected(HOST)).toBeUndefined();
    expect(await redis().hget('sb:z:staging:host-keys', HOST)).toContain('"because":"because"');
  });
});

describe.each([
  ['in memory', () => memoryStepLog()],
  ['in Valkey', () => redisStepLog(redis(), { prefix: `log-${Math.random()}:` })],
])('a step log %s', (_, make) => {
  it('gives the newest lines, newest last, of that step alone', async () => {
    const log = make();
    await log.write(OP, STEP, 'one\ntwo\r\n');
    await log.write(OP, STEP, 'three');
    await log.write(OP, StepId.parse('other'), 'four');
    expect(await log.read(OP, STEP, 2)).toEqual(['two', 'three']);
    expect(await log.read(OP, STEP, 9)).toEqual(['one', 'two', 'three']);
    expect(await log.read(OP, STEP, 0)).toEqual([]);
    expect(await log.read({ ...OP, zone: PRODUCTION }, STEP, 9)).toEqual([]);
  });

  it('keeps the newest 2,000 lines, however many come at once', async () => {
    const log = make();
    await log.write(OP, STEP, 'first');
    await log.write(OP, STEP, [...Array(5_000).keys()].join('\n'));
    const lines = await log.read(OP, STEP, 10_000);
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([2_000, '3000', '4999']);
    await log.write(OP, STEP, 'last\n\n');
    expect((await log.read(OP, STEP, 10_000)).slice(-3)).toEqual(['4999', 'last', '']);
    expect(await log.read(OP, STEP, 10_000)).toHaveLength(2_000);
  });
});

describe.each([
  ['in memory', () => memoryThreads()],
  ['in Valkey', () => redisThreads(redis(), { prefix: `told-${Math.random()}:` })],
])('what steps tell %s', (_, make) => {
  it('is read on from any place, and up to one, zone by zone', async () => {
    const threads = make();
    await threads.tell(OP, STEP, { line: 'one', more: ['a', 'b'] });
    await threads.tell({ ...OP, zone: PRODUCTION }, STEP, { line: 'elsewhere' });
    await threads.tell(OP, STEP, { line: 'two', important: true });
    const [first, second, ...others] = await threads.after(STAGING, '0');
    expect(others).toEqual([]);
    expect(first).toMatchObject({ ...OP, step: STEP, line: 'one', more: ['a', 'b'] });
    expect(second).toMatchObject({ line: 'two', important: true });
    expect(await threads.after(STAGING, first?.cursor ?? '')).toEqual([second]);
    expect(await threads.after(STAGING, '0', first?.cursor)).toEqual([first]);
    expect(await threads.after(STAGING, second?.cursor ?? '')).toEqual([]);
  });

  it('is cut, line by line and in number', async () => {
    const threads = make();
    await threads.tell(OP, STEP, { line: 'x'.repeat(9_000), more: Array(100).fill('y') });
    const [told] = await threads.after(STAGING, '0');
    expect([told?.line.length, told?.more?.length]).toEqual([500, 40]);
  });
});

describe.each([
  ['in memory', () => memoryBookmarks()],
  ['in Valkey', () => redisBookmarks(redis(), { prefix: `at-${Math.random()}:` })],
])('a bookmark %s', (_, make) => {
  it('is the newest one of its name and operation', async () => {
    const bookmarks = make();
    expect(await bookmarks.find(OP, 'console')).toBeUndefined();
    await bookmarks.put(OP, 'console', { cursor: '1' });
    await bookmarks.put(OP, 'console', { cursor: '2', told: ['oops'] });
    expect(await bookmarks.find(OP, 'console')).toEqual({ cursor: '2', told: ['oops'] });
    expect(await bookmarks.find(OP, 'other')).toBeUndefined();
    expect(await bookmarks.find({ ...OP, zone: PRODUCTION }, 'console')).toBeUndefined();
  });
});

describe('what expires in Valkey', () => {
  it('is what steps tell and their bookmarks after 14 days, and of too much the oldest', async () => {
    const threads = redisThreads(redis(), { prefix: 'ttl:' });
    for (let more = 0; more < 5_200; more += 1) await threads.tell(OP, STEP, { line: `${more}` });
    await redisBookmarks(redis(), { prefix: 'ttl:' }).put(OP, 'console', 1);
    for (const key of ['ttl:z:staging:told', 'ttl:z:staging:op:op-7k2m:at:console']) {
      expect(await redis().ttl(key)).toBeGreaterThan(14 * 86_400 - 60);
    }
    // Whole nodes of the stream go at once.
    expect(await redis().xlen('ttl:z:staging:told')).toBeLessThan(5_200);
  });

  it('is a step log after 14 days, counted from its newest line', async () => {
    await redisStepLog(redis(), { prefix: 'ttl:' }).write(OP, STEP, 'one');
    const seconds = await redis().ttl('ttl:z:staging:op:op-7k2m:log:configure');
    expect(seconds).toBeGreaterThan(14 * 86_400 - 60);
    expect(seconds).toBeLessThanOrEqual(14 * 86_400);
  });

  it('is what a message stands for, after a month', async () => {
    await redisMessages(redis(), { prefix: 'ttl:' }).remember('irc', 'card/op-7k2m', 'm1');
    for (const key of ['ttl:messages:irc:of:card/op-7k2m', 'ttl:messages:irc:is:m1']) {
      expect(await redis().ttl(key)).toBeGreaterThan(30 * 86_400);
    }
  });
});

describe('chat messages in Valkey', () => {
  it('are found by what they stand for, and the other way round, on their network', async () => {
    const messages = redisMessages(redis());
    await messages.remember('matrix', 'card/op-7k2m', '$a:example.org');
    expect(await messages.find('matrix', 'card/op-7k2m')).toBe('$a:example.org');
    expect(await messages.subjectOf('matrix', '$a:example.org')).toBe('card/op-7k2m');
    expect(await messages.find('slack', 'card/op-7k2m')).toBeUndefined();
    expect(await messages.subjectOf('slack', '$a:example.org')).toBeUndefined();
  });

  it('are superseded by newer ones, and the old ones still say what they stood for', async () => {
    const messages = redisMessages(redis());
    await messages.remember('slack', 'prompt/p1', '1');
    await messages.remember('slack', 'prompt/p1', '2');
    expect(await messages.find('slack', 'prompt/p1')).toBe('2');
    expect(await messages.subjectOf('slack', '1')).toBe('prompt/p1');
  });
});
