import { describe, expect, test } from 'vitest';
import { memoryDurations } from '../../../src/adapters/simulated/memory-durations.ts';
import type { Sample } from '../../../src/bot/estimates/durations.ts';
import { createEstimates, totalMs } from '../../../src/bot/estimates/estimates.ts';
import { ImageName, StepId } from '../../../src/domain/ids.ts';
import type { PlannedStep } from '../../../src/jobs/model/plan.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { opNumber } from '../../journal-conformance.ts';

const CONFIGURE = StepId.parse('configure');
const RESTORE = StepId.parse('restore');
const MINUTE = 60_000;

const step = (id: StepId, uses: string) => ({ id, uses }) as PlannedStep;
const plan = (image: string) => ({
  runbook: { name: 'reimage', version: 9 },
  input: { host: 'builder-07', image },
  steps: [step(CONFIGURE, 'configure'), step(RESTORE, 'restore')],
});

function setUp() {
  const durations = memoryDurations();
  const problems: unknown[] = [];
  let reads = 0;
  let fails = false;
  let at = 0;
  const estimates = createEstimates({
    durations: {
      async newest(kinds) {
        reads += 1;
        if (fails) throw new Error('the store is away');
        return durations.newest(kinds);
      },
    },
    runbooks: new Map([[reimage.name, reimage]]),
    now: () => at,
    report: (problem) => problems.push(problem),
  });
  const learn = (image: string, ...minutes: readonly number[]) =>
    durations.record(
      minutes.map((ms, nth): Sample => {
        const kind = { runbook: 'reimage', step: CONFIGURE, image: ImageName.parse(image) };
        return { ...kind, op: opNumber(reads * 1_000 + at + nth), ms: ms * MINUTE, endedAt: nth };
      }),
    );
  return {
    estimates,
    learn,
    problems,
    reads: () => reads,
    failsFrom: () => {
      fails = true;
    },
    passes: (ms: number) => {
      at += ms;
    },
    minutes: async (image = 'f43@1') =>
      ((await estimates.of(plan(image))).get(CONFIGURE)?.ms ?? 0) / MINUTE,
  };
}

describe('an estimate', () => {
  test('is what the runbook says as long as fewer than three runs are known', async () => {
    const { estimates, learn } = setUp();
    await learn('f43', 7, 7);
    const estimate = await estimates.of(plan('f43@1'));
    expect(estimate.get(CONFIGURE)).toEqual({ ms: 2 * MINUTE, learned: false });
    expect(totalMs(estimate)).toBe(2.5 * MINUTE);
  });

  test.each([
    [[9, 3, 4], 4],
    [[1, 2, 100, 3], 2.5],
  ])('is the median of %j', async (runs, median) => {
    const { estimates, learn } = setUp();
    await learn('f43', ...runs);
    const expected = { ms: median * MINUTE, learned: true };
    expect((await estimates.of(plan('f43@1'))).get(CONFIGURE)).toEqual(expected);
  });

  test('is of the same image in whatever version, else of all images together', async () => {
    const { learn, minutes } = setUp();
    await learn('f43', 3, 3, 3);
    expect(await minutes('f43@2026.11.18')).toBe(3);
    expect(await minutes('rawhide@1')).toBe(3);
    expect(await minutes('nothing that is an image')).toBe(3);
  });

  test('prefers its own image to the others', async () => {
    const { learn, minutes } = setUp();
    await learn('f43', 3, 3, 3);
    expect(await minutes('f43@1')).toBe(3);
    const { learn: learnMore, minutes: then } = setUp();
    await learnMore('f43', 3, 3, 3);
    await learnMore('f44', 8, 8, 8, 8, 8);
    expect(await then('f43@1')).toBe(3);
    expect(await then('f44@1')).toBe(8);
  });

  test('is read at once for the whole plan, and again after a minute', async () => {
    const { learn, minutes, reads, passes } = setUp();
    await learn('f43', 3, 3, 3);
    await Promise.all([minutes(), minutes('f43@2')]);
    expect(reads()).toBe(1);
    passes(59_999);
    await learn('f43', 9, 9, 9, 9);
    expect(await minutes()).toBe(3);
    passes(1);
    expect(await minutes()).toBe(9);
    expect(reads()).toBe(2);
  });

  test('is what the runbook says when the store is away, and that is reported', async () => {
    const { learn, minutes, failsFrom, problems } = setUp();
    await learn('f43', 3, 3, 3);
    failsFrom();
    expect(await minutes()).toBe(2);
    expect(problems).toEqual([new Error('the store is away')]);
  });

  test('of what no runbook knows is nothing', async () => {
    const { estimates } = setUp();
    const unknown = { ...plan('f43@1'), runbook: { name: 'gone', version: 1 } };
    expect(totalMs(await estimates.of(unknown))).toBe(0);
  });
});
