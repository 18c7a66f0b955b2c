import type { OpId } from '../../domain/ids.ts';
import type { FeedItem } from '../journal/journal.ts';
import type { Finding } from './check-journal.ts';
import { compareCursors } from './compare-cursors.ts';
import type { AnchorsRead } from './read-anchors.ts';

/** The places of an operation's entries in the feed, by their number in its journal. */
export type FeedPlaces = Map<OpId, Map<number, string>>;

export function addToPlaces(places: FeedPlaces, { op, seq, cursor }: FeedItem): void {
  places.set(op, (places.get(op) ?? new Map()).set(seq, cursor));
}

/** Whether the feed goes as far as anchors have seen it. */
export function feedTooShort(end: string, { last }: AnchorsRead): Finding | undefined {
  if (last === undefined || compareCursors(end, last.feed) >= 0) return undefined;
  return { what: `the feed ends at ${end}, and anchor ${last.n} has seen it at ${last.feed}` };
}

/** Each entry was told to everybody in the feed, except where its beginning was taken out of it. */
export function notInFeed(
  op: OpId,
  length: number,
  places: FeedPlaces,
  { feedFrom }: AnchorsRead,
): Finding | undefined {
  const told = places.get(op);
  const first = feedFrom === undefined ? 0 : Math.min(length, ...(told?.keys() ?? []));
  for (let seq = first; seq < length; seq += 1) {
    if (!told?.has(seq)) return { op, seq, what: 'the feed does not have it' };
  }
  return undefined;
}

/** An operation that was there before an anchor was made is in that anchor or an earlier one. */
export function addedLater(
  op: OpId,
  places: FeedPlaces,
  { last, points }: AnchorsRead,
): Finding | undefined {
  const first = places.get(op)?.get(0);
  if (last === undefined || first === undefined || points.has(op)) return undefined;
  if (compareCursors(first, last.feed) > 0) return undefined;
  return { op, seq: 0, what: `it was not there when anchor ${last.n} was made` };
}
