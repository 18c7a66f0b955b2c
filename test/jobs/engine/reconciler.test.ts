import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OpId, ZoneName } from '../../../src/domain/ids.ts';
import { type Reconciler, startReconciler } from '../../../src/jobs/engine/reconciler.ts';
import type { Due } from '../../../src/jobs/journal/journal.ts';

const zone = ZoneName.parse('staging');
const DUE = { op: OpId.parse('op-7k2m'), zone, seq: 1, epoch: 0 };
const NEXT = { ...DUE, op: OpId.parse('op-8k2m') };

let due: Due[];
let rung: Due[];
let answer: (what: Due) => Promise<void>;
let problems: unknown[];
let reconciler: Reconciler;

beforeEach(() => {
  vi.useFakeTimers();
  [due, rung, problems] = [[DUE], [], []];
  answer = async () => {};
  reconciler = startReconciler({
    journal: { due: async () => due },
    doorbell: {
      ring(what) {
        rung.push(what);
        return answer(what);
      },
    },
    zone,
    everyMs: 1_000,
    report: (problem) => problems.push(problem),
  });
});
afterEach(() => {
  reconciler.stop();
  vi.useRealTimers();
});

test('what is due is rung for in each round, until it is not due any more', async () => {
  await vi.advanceTimersByTimeAsync(1_000);
  expect(rung).toEqual([DUE, DUE]);
  due = [];
  await vi.advanceTimersByTimeAsync(5_000);
  expect(rung).toEqual([DUE, DUE]);
});

test('a ring that never gets an answer does not keep it from ringing for ever', async () => {
  answer = ({ op }) => (op === DUE.op ? new Promise(() => {}) : Promise.resolve());
  await vi.advanceTimersByTimeAsync(1_000);
  const before = rung.length;
  due = [NEXT];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(rung.slice(before)).toContain(NEXT);
  expect(problems).toEqual([]);
});

test('a ring that takes its time is waited for before the next round', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  answer = () => promise;
  await vi.advanceTimersByTimeAsync(1_000);
  const before = rung.length;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(rung).toHaveLength(before);
  resolve();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(rung.length).toBeGreaterThan(before);
});
