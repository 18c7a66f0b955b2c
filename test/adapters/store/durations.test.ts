import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryDurations } from '../../../src/adapters/simulated/memory-durations.ts';
import { embeddedStore } from '../../../src/adapters/store/embedded-store.ts';
import { redisDurations } from '../../../src/adapters/store/redis-durations.ts';
import type { Store } from '../../../src/adapters/store/store.ts';
import type { Sample, StepKind } from '../../../src/bot/estimates/durations.ts';
import { ImageName, StepId } from '../../../src/domain/ids.ts';
import { opNumber } from '../../journal-conformance.ts';

const F43 = ImageName.parse('f43-builder');
const F44 = ImageName.parse('f44-builder');
const OF_ALL: StepKind = { runbook: 'reimage', step: StepId.parse('configure') };
const WITH_F43 = { ...OF_ALL, image: F43 };
const WITH_F44 = { ...OF_ALL, image: F44 };

const sample = (nth: number, ms: number, kind: StepKind = WITH_F43): Sample => ({
  ...kind,
  op: opNumber(nth),
  endedAt: 1_000_000 + nth,
  ms,
});
const inOrder = (samples: readonly (readonly number[])[]) =>
  samples.map((some) => some.toSorted((a, b) => a - b));

let store: Store;
beforeAll(async () => {
  store = await embeddedStore();
});
afterAll(() => store.close());
const redis = () => store.connection('commands');

describe.each([
  ['in memory', () => memoryDurations()],
  ['in Valkey', () => redisDurations(redis(), { prefix: `test-${randomUUID()}:` })],
])('durations %s', (_, make) => {
  it('are kept for each image, and for all images together', async () => {
    const durations = make();
    await durations.record([sample(1, 100), sample(2, 200, WITH_F44), sample(3, 300, OF_ALL)]);
    const kinds = [WITH_F43, WITH_F44, OF_ALL];
    expect(inOrder(await durations.newest(kinds))).toEqual([[100], [200], [100, 200, 300]]);
  });

  it('are kept apart by runbook and step, and there are none of what never ran', async () => {
    const durations = make();
    await durations.record([sample(1, 100)]);
    const others = [
      { ...WITH_F43, runbook: 'clean' },
      { ...WITH_F43, step: StepId.parse('drain') },
    ];
    expect(await durations.newest([...others, WITH_F43])).toEqual([[], [], [100]]);
    expect(await durations.newest([])).toEqual([]);
  });

  it('count once, however often the same operation is learned from', async () => {
    const durations = make();
    const samples = [sample(1, 100), sample(2, 100)];
    await durations.record(samples);
    await durations.record(samples);
    expect(await durations.newest([WITH_F43, OF_ALL])).toEqual([
      [100, 100],
      [100, 100],
    ]);
  });

  it('keep the newest thirty, also when older ones are learned later', async () => {
    const durations = make();
    const all = Array.from({ length: 40 }, (_nothing, nth) => sample(nth, nth));
    await durations.record(all.slice(20));
    await durations.record(all.slice(0, 20));
    const newest = Array.from({ length: 30 }, (_nothing, nth) => nth + 10);
    expect(inOrder(await durations.newest([WITH_F43, OF_ALL]))).toEqual([newest, newest]);
  });
});

describe('durations in Valkey', () => {
  it('are forgotten when nothing like it ran for a year', async () => {
    await redisDurations(redis(), { prefix: 'ttl:' }).record([sample(1, 100)]);
    for (const image of ['f43-builder', '*']) {
      const seconds = await redis().ttl(`ttl:took:reimage:configure:${image}`);
      expect(seconds).toBeGreaterThan(365 * 86_400);
    }
  });

  it('that cannot be written are a failure and not forgotten silently', async () => {
    await redis().set('bad:took:reimage:configure:*', 'no sorted set');
    const durations = redisDurations(redis(), { prefix: 'bad:' });
    await expect(durations.record([sample(1, 100)])).rejects.toThrow('WRONGTYPE');
    await expect(durations.newest([OF_ALL])).rejects.toThrow('WRONGTYPE');
  });
});
