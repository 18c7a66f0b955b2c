import type { OpId } from '../../domain/ids.ts';
import type { AnchoredHead } from './anchor.ts';

/** What is old enough to be taken out of the store. */
export interface Old {
  readonly removed: Readonly<Record<OpId, AnchoredHead>>;
  /** Milliseconds since 1970: none of it moved after that. */
  readonly before: number;
  /** Where the feed begins afterwards. */
  readonly feedFrom: string;
}

/** Takes out what ended long ago. An anchor that names it comes first, so that nothing is missed later. */
export interface Retention {
  /** Undefined when nothing is old enough. Some of it at a time, the oldest first. */
  old(): Promise<Old | undefined>;
  /** Removes operations that have ended and not moved since, and what the feed had before. Twice is harmless. */
  remove(old: Old): Promise<void>;
}
