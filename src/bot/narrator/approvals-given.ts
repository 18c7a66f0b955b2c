import { subjectKey } from '../../jobs/engine/policy-gate.ts';
import type { OperationState } from '../../jobs/model/state.ts';

/** How many people approved what it waits for now. */
export function approvalsGiven({ phase, approvals }: OperationState): number {
  if (phase.kind !== 'approval') return 0;
  const wanted = subjectKey(phase.subject);
  const counting = approvals.filter(({ subject }) => subjectKey(subject) === wanted);
  return new Set(counting.map(({ by }) => by)).size;
}
