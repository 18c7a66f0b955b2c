import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryHostKeys } from '../../../src/adapters/simulated/memory-host-keys.ts';
import { memoryStepLog } from '../../../src/adapters/simulated/memory-step-log.ts';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisMessages } from '../../../src/adapters/store/redis-messages.ts';
import { redisStepLog } from '../../../src/adapters/store/redis-step-log.ts';
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

describe('what expires in Valkey', () => {
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
