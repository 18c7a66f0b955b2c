import type { Subject } from './event.ts';

/** Whether two approvals are of the same: of a plan, or of a step at one moment. */
export function isSameSubject(one: Subject, other: Subject): boolean {
  if ('plan' in one) return 'plan' in other && one.plan === other.plan;
  return 'step' in other && one.step === other.step && one.evidence === other.evidence;
}
