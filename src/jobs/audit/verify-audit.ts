import type { OpId } from '../../domain/ids.ts';
import type { OpRef } from '../journal/journal.ts';
import type { Trust } from '../signing/trust.ts';
import type { AuditStore } from './audit-store.ts';
import { addedLater, addToPlaces, type FeedPlaces, feedTooShort, notInFeed } from './check-feed.ts';
import { checkJournal, type Finding } from './check-journal.ts';
import { type AnchorsRead, readAnchors } from './read-anchors.ts';

export interface AuditParts {
  readonly store: AuditStore;
  /** Lines of the anchors' file. */
  readonly anchors: readonly string[];
  readonly trust: Trust;
}

export interface Audited {
  readonly findings: readonly Finding[];
  readonly operations: number;
  readonly entries: number;
  readonly anchors: number;
}

/**
 * Reads everything that is stored and everything that was anchored, and says for each operation the first entry that does
 * not fit. Entries may be appended meanwhile.
 */
export async function verifyAudit({ store, anchors, trust }: AuditParts): Promise<Audited> {
  const read = await readAnchors(anchors, trust);
  const places: FeedPlaces = new Map();
  const end = await readFeed(store, '0', places);
  const refs = await store.operations();
  const lengths = new Map<OpRef, number>();
  const inJournals = new Map<OpRef, Finding>();
  for (const ref of refs) {
    const journal = await store.journal(ref);
    lengths.set(ref, journal.texts.length);
    const points = read.points.get(ref.op) ?? [];
    const finding = await checkJournal({ ref, ...journal, points }, trust);
    if (finding !== undefined) inJournals.set(ref, finding);
  }
  const told = new Set(places.keys());
  // What was appended since.
  await readFeed(store, end, places);
  const findings = [
    noAnchors(anchors, refs),
    brokenAnchors(read),
    feedTooShort(end, read),
    ...missing(refs, read),
    ...missingOfFeed(refs, told, read),
    ...refs.map(
      (ref) =>
        inJournals.get(ref) ??
        notInFeed(ref.op, lengths.get(ref) ?? 0, places, read) ??
        addedLater(ref.op, places, read),
    ),
  ];
  return {
    findings: findings.filter((finding) => finding !== undefined),
    operations: refs.length,
    entries: [...lengths.values()].reduce((sum, length) => sum + length, 0),
    anchors: read.last?.n ?? 0,
  };
}

async function readFeed(store: AuditStore, after: string, places: FeedPlaces): Promise<string> {
  let end = after;
  for await (const item of store.feedAfter(after)) {
    addToPlaces(places, item);
    end = item.cursor;
  }
  return end;
}

function noAnchors(anchors: AuditParts['anchors'], refs: readonly OpRef[]): Finding | undefined {
  if (anchors.length > 0 || refs.length === 0) return undefined;
  return { what: 'there are no anchors: nothing says what was there before' };
}

function brokenAnchors({ broken }: AnchorsRead): Finding | undefined {
  return broken === undefined ? undefined : { what: `anchors: ${broken}` };
}

function missing(refs: readonly OpRef[], { points, removed }: AnchorsRead): readonly Finding[] {
  const there = new Set(refs.map(({ op }) => op));
  return [...points].flatMap(([op, seen]): Finding[] => {
    const last = seen.at(-1);
    if (there.has(op) || removed.has(op) || last === undefined) return [];
    return [{ op, what: `it is missing: anchor ${last.n} has seen ${last.seq} entries of it` }];
  });
}

/** Operations that the feed tells of and that are not there. */
function missingOfFeed(
  refs: readonly OpRef[],
  told: Iterable<OpId>,
  { points, removed }: AnchorsRead,
): readonly Finding[] {
  const there = new Set(refs.map(({ op }) => op));
  return [...told]
    .filter((op) => !there.has(op) && !removed.has(op) && !points.has(op))
    .map((op) => ({ op, what: 'it is missing: the feed tells of it' }));
}
