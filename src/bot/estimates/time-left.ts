import type { StepId } from '../../domain/ids.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import { duration } from '../narrator/in-words.ts';
import type { PlanEstimate } from './estimates.ts';

/** A step that is late by less is not worth a word, and less that is left not worth a number. */
const A_MOMENT_MS = 30_000;

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
}

/**
 * `12 min so far, about 9 min left`, or that it takes longer than usual. Undefined where nobody can say: before it runs,
 * while it waits for people, when it goes back.
 */
export function timeLeft(
  state: OperationState,
  estimate: PlanEstimate,
  clock: Clock,
): string | undefined {
  const { phase, current } = state;
  const soFar = soFarMs(state, clock);
  if (phase.kind !== 'running' || phase.way === 'undo' || soFar === undefined) return undefined;
  const inStep = current ? clock.now - current.startedAt - current.askedMs : 0;
  const late = inStep * clock.timeScale - usual(estimate, phase.step);
  const left = leftInWords(late, afterMs(state, phase.step, estimate));
  return soFar < 1_000 ? left : `${duration(soFar)} so far, ${left}`;
}

/** Nominal milliseconds since its first step began; undefined before that. */
export function soFarMs(
  { timings, current }: OperationState,
  { now, timeScale }: Clock,
): number | undefined {
  const began = timings[0]?.startedAt ?? current?.startedAt;
  return began === undefined ? undefined : (now - began) * timeScale;
}

function leftInWords(lateMs: number, afterMs: number): string {
  if (lateMs >= A_MOMENT_MS) {
    const after = afterMs > 0 ? `, then about ${duration(afterMs)}` : '';
    return `longer than usual${after}`;
  }
  const left = Math.max(0, -lateMs) + afterMs;
  return left < A_MOMENT_MS ? 'almost done' : `about ${duration(left)} left`;
}

/** What usually comes after a step, without what is over already. */
function afterMs({ request, results }: OperationState, step: StepId, estimate: PlanEstimate) {
  const others = request.plan.steps.filter(({ id }) => id !== step && !results.has(id));
  return others.reduce((sum, { id }) => sum + usual(estimate, id), 0);
}

function usual(estimate: PlanEstimate, step: StepId): number {
  return estimate.get(step)?.ms ?? 0;
}
