import { describe, expect, test } from 'vitest';
import { timeLeft } from '../../../src/bot/estimates/time-left.ts';
import { StepId } from '../../../src/domain/ids.ts';
import type { Plan, PlannedStep } from '../../../src/jobs/model/plan.ts';
import type { Current, OperationState, Phase, Timing } from '../../../src/jobs/model/state.ts';
import { partly } from '../../partly.ts';

const MINUTE = 60_000;
const [first, second, third] = ['first', 'second', 'third'].map((id) => StepId.parse(id)) as [
  StepId,
  StepId,
  StepId,
];
const ESTIMATE = new Map(
  [first, second, third].map((step) => [step, { ms: 10 * MINUTE, learned: true }]),
);

/** In its second step after so many minutes of the first. */
function inSecond(more: { phase?: Phase; current?: Partial<Current>; timings?: Timing[] } = {}) {
  const over = { step: first, way: 'run', attempt: 1, startedAt: 0, endedAt: 8 * MINUTE } as const;
  const begun = { step: second, way: 'run', startedAt: 8 * MINUTE, askedMs: 0 } as const;
  const steps = [first, second, third].map((id) => partly<PlannedStep>({ id }));
  return partly<OperationState>({
    request: partly<OperationState['request']>({ plan: partly<Plan>({ steps }) }),
    phase: more.phase ?? { kind: 'running', step: second, way: 'run' },
    results: new Map([[first, { kind: 'done', output: null }]]),
    timings: more.timings ?? [{ ...over, askedMs: 0 }],
    current: partly<Current>({ ...begun, ...more.current }),
  });
}

const after = (minutes: number, state = inSecond(), timeScale = 1) =>
  timeLeft(state, ESTIMATE, { now: minutes * MINUTE, timeScale });

describe('how long an operation still takes', () => {
  test.each([
    [8, '8 min so far, about 20 min left'],
    [12, '12 min so far, about 16 min left'],
    [18.25, '18 min so far, about 10 min left'],
    [18.5, '19 min so far, longer than usual, then about 10 min'],
    [100, '1 h 40 min so far, longer than usual, then about 10 min'],
  ])('is said after %d minutes', (minutes, said) => {
    expect(after(minutes)).toBe(said);
  });

  test('is never negative in the last step', () => {
    const last = inSecond({ phase: { kind: 'running', step: third, way: 'run' } });
    const state = { ...last, results: new Map([...last.results, [second, { kind: 'already' }]]) };
    expect(after(12, state as OperationState)).toBe('12 min so far, about 6 min left');
    expect(after(17.75, state as OperationState)).toBe('18 min so far, almost done');
    expect(after(19, state as OperationState)).toBe('19 min so far, longer than usual');
  });

  test('does not count what the step waited for people', () => {
    const asked = inSecond({ current: { askedMs: 60 * MINUTE } });
    expect(after(72, asked)).toBe('1 h 12 min so far, about 16 min left');
  });

  test('is scaled in a lab, as the estimate is', () => {
    expect(after(1, inSecond({ current: { startedAt: 0 } }), 6)).toBe(
      '6 min so far, about 14 min left',
    );
  });

  test('is not said before it runs, while it asks, and on the way back', () => {
    const { current: _none, ...waiting } = inSecond({ timings: [] });
    expect(after(1, waiting)).toBeUndefined();
    const held = { kind: 'held', step: second, way: 'run' } as Phase;
    expect(after(1, inSecond({ phase: held }))).toBeUndefined();
    expect(
      after(1, inSecond({ phase: { kind: 'running', step: second, way: 'undo' } })),
    ).toBeUndefined();
  });
});
