import type { ImageName, OpId, StepId } from '../../domain/ids.ts';

/** Of so many samples the newest are kept. */
export const KEPT_SAMPLES = 30;

/** A step of a runbook in whatever version, with an image or, without one, with whatever image. */
export interface StepKind {
  readonly runbook: string;
  readonly step: StepId;
  readonly image?: ImageName;
}

/** How long a step took that went well. */
export interface Sample extends StepKind {
  readonly op: OpId;
  /** Nominal milliseconds: outside a lab the real ones. */
  readonly ms: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

/** How long steps took. It says what people may expect, and nothing is ever decided by it. */
export interface Durations {
  /** Notes each sample for its image and for all images together. Again: changes nothing. */
  record(samples: readonly Sample[]): Promise<void>;
  /** The newest samples of each kind in nominal milliseconds, in no order; all kinds are asked for at once. */
  newest(kinds: readonly StepKind[]): Promise<readonly (readonly number[])[]>;
}
