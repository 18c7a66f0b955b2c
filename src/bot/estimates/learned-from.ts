import { type OperationState, tookMs } from '../../jobs/model/state.ts';
import type { Sample } from './durations.ts';
import { imageNameOf } from './image-name-of.ts';

/**
 * What an operation that has ended teaches: of each step that is done, and stayed so, how long its last attempt took,
 * without what it waited for people. Steps that were skipped or undone teach nothing.
 */
export function learnedFrom(state: OperationState, timeScale: number): readonly Sample[] {
  const { op, request, results, undone, timings } = state;
  const { runbook, input, steps } = request.plan;
  const image = imageNameOf(input);
  return steps.flatMap(({ id: step }) => {
    const timing = timings.findLast((one) => one.step === step && one.way === 'run');
    if (timing === undefined || results.get(step)?.kind !== 'done' || undone.has(step)) return [];
    const { endedAt } = timing;
    const ms = tookMs(timing) * timeScale;
    return [{ op, runbook: runbook.name, step, ms, endedAt, ...(image && { image }) }];
  });
}
