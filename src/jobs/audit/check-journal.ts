import { digestOfText, NOTHING_BEFORE } from '../journal/digest-of-text.ts';
import type { OpRef } from '../journal/journal.ts';
import { Entry } from '../model/event.ts';
import type { Trust } from '../signing/trust.ts';
import { unvouched } from '../signing/verifying-journal.ts';
import type { RawJournal } from './audit-store.ts';
import type { AnchoredPoint } from './read-anchors.ts';

/** What does not fit, and where. */
export interface Finding {
  readonly op?: OpRef['op'];
  /** The first entry that does not fit. */
  readonly seq?: number;
  readonly what: string;
}

export interface StoredJournal extends RawJournal {
  readonly ref: OpRef;
  readonly points: readonly AnchoredPoint[];
}

/** The first entry of a journal that does not fit the others, its head, the anchors or its signature. */
export async function checkJournal(
  journal: StoredJournal,
  trust: Trust,
): Promise<Finding | undefined> {
  const digests = journal.texts.map(digestOfText);
  const read = journal.texts.map(parse);
  const found = [
    brokenLink(read, digests),
    ...journal.points.map((point) => notAsAnchored(point, digests)),
    notAsNoted(journal, digests),
    await notVouched(journal, read, trust),
  ];
  const [first] = found
    .filter((one) => one !== undefined)
    .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  return first && { op: journal.ref.op, ...first };
}

function brokenLink(
  read: readonly (Entry | undefined)[],
  digests: readonly string[],
): Finding | undefined {
  for (const [seq, entry] of read.entries()) {
    if (entry === undefined) return { seq, what: 'it cannot be read' };
    if (entry.seq !== seq) return { seq, what: `entry ${entry.seq} is in its place` };
    const before = digests[seq - 1] ?? NOTHING_BEFORE;
    if (entry.prev !== before) {
      return { seq: Math.max(seq - 1, 0), what: 'it was changed: the next one follows another' };
    }
  }
  return undefined;
}

function notAsAnchored(
  { n, seq, digest }: AnchoredPoint,
  digests: readonly string[],
): Finding | undefined {
  if (digests.length < seq) {
    const what = `the journal ends here, and anchor ${n} has seen ${seq} entries`;
    return { seq: digests.length, what };
  }
  if (digests[seq - 1] === digest) return undefined;
  return { seq: seq - 1, what: `it, or one before it, is not what anchor ${n} has seen` };
}

function notAsNoted({ head }: StoredJournal, digests: readonly string[]): Finding | undefined {
  if (head === undefined) return { seq: 0, what: 'the store does not note where its journal ends' };
  const { seq, digest } = head;
  if (digests.length < seq) {
    return { seq: digests.length, what: `the journal ends here, and had ${seq} entries` };
  }
  if (digests.length > seq) return { seq, what: 'nobody appended it' };
  return digests[seq - 1] === digest ? undefined : { seq: seq - 1, what: 'it was changed' };
}

async function notVouched(
  { ref }: StoredJournal,
  read: readonly (Entry | undefined)[],
  trust: Trust,
): Promise<Finding | undefined> {
  for (const entry of read) {
    const because = entry && (await unvouched(trust, ref, entry));
    if (entry && because !== undefined) {
      return {
        seq: entry.seq,
        what: `"${entry.event.kind}" in the name of ${entry.by}: ${because}`,
      };
    }
  }
  return undefined;
}

function parse(text: string): Entry | undefined {
  try {
    return Entry.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
