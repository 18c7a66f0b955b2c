import type { Entry } from '../jobs/model/event.ts';

/**
 * Whether an entry that was read before is still the one in its place: a store that went backwards and was accepted goes
 * on with others.
 */
export function isSameEntry(before: Entry, now: Entry | undefined): boolean {
  return now?.seq === before.seq && now.at === before.at && now.prev === before.prev;
}
