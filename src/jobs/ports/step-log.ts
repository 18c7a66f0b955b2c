import type { OpId, StepId, ZoneName } from '../../domain/ids.ts';

/** Remote output of steps. It lives outside the journal, is redacted before it gets here, and expires. */
export interface StepLog {
  write(ref: { op: OpId; zone: ZoneName }, step: StepId, text: string): Promise<void>;
  /** The newest lines last; empty when there are none or they have expired. */
  read(ref: { op: OpId; zone: ZoneName }, step: StepId, lines: number): Promise<readonly string[]>;
}
