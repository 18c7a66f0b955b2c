import type { OpRef } from '../journal/journal.ts';
import type { Entry } from '../model/event.ts';

/**
 * What the signature of an entry covers: all that a person decided, where, and on a journal of how many entries. So it
 * counts in one place of one journal, and nowhere else and not twice. `at` is the bot's time, not the entry's.
 */
export function signedContent(
  { op, zone }: OpRef,
  { seq, by, source, event }: Pick<Entry, 'seq' | 'by' | 'source' | 'event'>,
  at: number,
): object {
  return { v: 1, op, zone, seq, by, at, event, ...(source && { source }) };
}
