import type { StepId, ZoneName } from '../../domain/ids.ts';
import type { OpRef } from '../journal/journal.ts';

/** What a step tells people while it goes on. */
export interface Telling {
  /** One line that can stand alone. */
  readonly line: string;
  /** What belongs under it where there is room. */
  readonly more?: readonly string[];
  /** Told in the channel too where a network has no threads. */
  readonly important?: boolean;
}

export interface ToldItem extends OpRef, Telling {
  readonly step: StepId;
  /** Its place among what was told in its zone; later ones stand further on. */
  readonly cursor: string;
}

/**
 * What steps tell, for the threads of their operations. It lives outside the journal, is redacted before it gets here,
 * and expires; of what nobody reads for long, the oldest is dropped.
 */
export interface OperationThreads {
  /** Too many and too long lines are cut. */
  tell(ref: OpRef, step: StepId, telling: Telling): Promise<void>;
  /** What was told in a zone after `cursor` (`0` is the beginning), the oldest first; with `until` nothing beyond it. */
  after(zone: ZoneName, cursor: string, until?: string): Promise<readonly ToldItem[]>;
}
