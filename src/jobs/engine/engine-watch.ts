import type { StepId } from '../../domain/ids.ts';
import type { OpRef } from '../journal/journal.ts';
import type { Entry, Way } from '../model/event.ts';
import type { OperationState } from '../model/state.ts';

/** One call of a step, for whoever follows what workers do. */
export interface WatchedCall extends OpRef {
  readonly step: StepId;
  readonly way: Way;
  readonly attempt: number;
}

/** Told what a worker does, for logs, metrics and traces. Nothing depends on it, and it never throws. */
export interface EngineWatch {
  /** This worker appended an entry; `before` is the state that it was appended to. */
  appended(ref: OpRef, before: OperationState, entry: Entry): void;
  leaseLost(ref: OpRef): void;
  /** Runs the call. */
  during<T>(call: WatchedCall, work: () => Promise<T>): Promise<T>;
}
