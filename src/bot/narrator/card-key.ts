import type { OpId } from '../../domain/ids.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { Capabilities } from '../chat-network.ts';
import { askedKey } from './subject-key.ts';

/** The key of an operation's card, where there are such. */
export function cardName(op: OpId): string {
  return `${op} card`;
}

/** The key of the message that an operation's thread hangs at: its card, or what was said when it was requested. */
export function threadKey({ op, request }: OperationState, can: Capabilities): string {
  const { demand, parent, plan } = request;
  if (can.edit) return cardName(parent ?? op);
  if (demand === undefined || parent !== undefined) return `${op} entry 0`;
  return askedKey({ kind: 'approval', op, subject: { plan: plan.digest } });
}
