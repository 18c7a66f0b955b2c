import type { Json } from '../../domain/json.ts';
import type { OpRef } from '../journal/journal.ts';

/**
 * Where an operation got to in something that it reads at every poll. That would only make the journal grow: it lives
 * outside of it, and expires.
 */
export interface Bookmarks {
  /** Undefined when there is none, or it has expired. */
  find(ref: OpRef, name: string): Promise<Json | undefined>;
  put(ref: OpRef, name: string, place: Json): Promise<void>;
}
