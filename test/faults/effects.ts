import type { OpId, StepId } from '../../src/domain/ids.ts';
import type { Way } from '../../src/jobs/model/event.ts';

/** What happened on a target, counted there. */
export interface Effect {
  readonly op: OpId;
  readonly step: StepId;
  readonly way: Way;
  readonly attempt: number;
  readonly epoch: number;
  /** Milliseconds since 1970, by the target's clock. */
  readonly at: number;
}
