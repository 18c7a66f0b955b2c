import { Failure } from '../../domain/failure.ts';
import type { Runbook, StepDef } from '../model/runbook.ts';
import type { OperationState } from '../model/state.ts';
import type { Engine } from './engine.ts';

/** The runbook in the version the plan was made with. A worker without it must not touch the operation. */
export function runbookOf({ runbooks }: Engine, { request }: OperationState): Runbook {
  const { name, version } = request.plan.runbook;
  const runbook = runbooks.get(name);
  if (runbook?.version === version) return runbook;
  throw new Failure({
    code: 'runbook.other-version',
    problem: `${name} version ${version} cannot be run here`,
    because: runbook
      ? `this worker has version ${runbook.version}`
      : 'this worker has no such runbook',
    effect: 'none',
    next: `Cancel it and ask again, or start a worker that has version ${version}.`,
  });
}

export function stepDefOf(engine: Engine, state: OperationState, uses: string): StepDef {
  const def = runbookOf(engine, state).steps[uses];
  if (def !== undefined) return def;
  throw new Error(`${state.request.plan.runbook.name} has no step ${uses}`);
}
