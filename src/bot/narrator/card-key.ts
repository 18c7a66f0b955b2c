import type { OperationState } from '../../jobs/model/state.ts';
import { askedKey } from './subject-key.ts';

/** The key of the message that stands for an operation: what was said when it was requested. Its thread hangs there. */
export function cardKey({ op, request }: OperationState): string {
  const { demand, parent, plan } = request;
  if (demand === undefined || parent !== undefined) return `${op} entry 0`;
  return askedKey({ kind: 'approval', op, subject: { plan: plan.digest } });
}
