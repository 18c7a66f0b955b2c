import type { StepId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { Result } from './event.ts';
import type { Plan, PlannedStep } from './plan.ts';

interface Progress {
  readonly request: { readonly plan: Pick<Plan, 'steps'> };
  readonly results: ReadonlyMap<StepId, Result>;
  readonly undone: ReadonlyMap<StepId, Result>;
  readonly intents: ReadonlyMap<StepId, Json>;
  readonly unproven: ReadonlySet<StepId>;
}

/** The first step that is not over. A failed one is not over until somebody skipped it. */
export function followingStep({ request, results }: Progress): PlannedStep | undefined {
  return request.plan.steps.find((step) => !isOver(results.get(step.id)));
}

/** The next step to undo, from the end of the plan backwards; undefined when nothing is left. */
export function lastToUndo(progress: Progress): PlannedStep | undefined {
  const { request, undone } = progress;
  return request.plan.steps.findLast(
    (step) => step.undo === 'yes' && mayHaveActed(progress, step) && !isOver(undone.get(step.id)),
  );
}

/** The step that stands in the way of a rollback, or undefined when everything that was done can be undone. */
export function cannotUndo(progress: Progress): PlannedStep | undefined {
  return progress.request.plan.steps.find(
    (step) => step.undo === 'no' && mayHaveActed(progress, step),
  );
}

function isOver(result: Result | undefined): boolean {
  return result?.kind === 'done' || result?.kind === 'already' || result?.kind === 'skipped';
}

/**
 * Only what this operation did is ever undone: not what was so already, nor what was skipped before it acted. A step
 * without undo that failed left nothing behind, by the promise of `PlannedStep.undo`; any other that has recorded what
 * it found may have begun, and so may one that went on after a call of which nobody knows what it did.
 */
function mayHaveActed({ results, intents, unproven }: Progress, step: PlannedStep): boolean {
  const result = results.get(step.id);
  if (unproven.has(step.id) && result?.kind !== 'already') return true;
  switch (result?.kind) {
    case 'done':
    case 'unknown':
      return true;
    case 'already':
      return false;
    case 'failed':
      return step.undo !== 'no' && intents.has(step.id);
    case 'skipped':
    case undefined:
      return intents.has(step.id);
    default:
      return result satisfies never;
  }
}
