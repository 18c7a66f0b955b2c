import { isSameSubject } from './same-subject.ts';
import type { OperationState } from './state.ts';

/** How many people approved what it waits for now: who approved its plan has approved none of its steps. */
export function approvalsGiven({
  phase,
  approvals,
}: Pick<OperationState, 'phase' | 'approvals'>): number {
  if (phase.kind !== 'approval') return 0;
  const counting = approvals.filter(({ subject }) => isSameSubject(subject, phase.subject));
  return new Set(counting.map(({ by }) => by)).size;
}
