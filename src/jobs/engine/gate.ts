import type { HostName } from '../../domain/ids.ts';
import type { ClaimsView } from '../journal/journal.ts';
import type { OperationState } from '../model/state.ts';

export type GateAnswer =
  /** `away`: of the hosts that are claimed, those that are out of service already. */
  | { readonly kind: 'yes'; readonly away?: readonly HostName[] }
  /** Nothing is wrong, something is missing. Without a reason it is what everybody waits for: more approvals. */
  | { readonly kind: 'not-yet'; readonly because?: string; readonly place?: number }
  | { readonly kind: 'no'; readonly because: string }
  /** Somebody who had to be asked did not answer, and is named. Unknown is not yes. */
  | { readonly kind: 'unavailable'; readonly because: string };

/** What the engine asks before it starts an operation or passes a point of no return. Never answered from a cache. */
export interface Gate {
  /** Whether the requester still may, and enough approvals of the subject the operation waits for count now. */
  mayProceed(state: OperationState, signal: AbortSignal): Promise<GateAnswer>;
  /** Whether planning now would give the plan that was approved. */
  planHolds(state: OperationState, signal: AbortSignal): Promise<GateAnswer>;
  /** Whether the plan's claims may be taken beside those that are held, and who stands in line before it. `place` is from 1. */
  mayClaim(
    state: OperationState,
    claims: Omit<ClaimsView, 'revision'>,
    signal: AbortSignal,
  ): Promise<GateAnswer>;
  /** Whether the interlocks still allow what the operation holds, right before a point of no return. */
  mayGoOn(
    state: OperationState,
    claims: Omit<ClaimsView, 'revision'>,
    signal: AbortSignal,
  ): Promise<GateAnswer>;
}
