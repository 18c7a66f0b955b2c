import * as z from 'zod';
import { Failure, rootMessage } from '../../domain/failure.ts';
import { digestOfText, NOTHING_BEFORE } from '../../jobs/journal/digest-of-text.ts';
import type { Append, OpRef } from '../../jobs/journal/journal.ts';
import { Entry, JournalEvent } from '../../jobs/model/event.ts';
import type { EntryMemory } from './entry-memory.ts';

/** Where a chain of entries ends: how many there are, and the digest of the last one. */
export interface Head {
  readonly seq: number;
  readonly digest: string;
}

export const NO_ENTRIES: Head = { seq: 0, digest: NOTHING_BEFORE };

const digests = new WeakMap<Entry, string>();

/** Of the text that an entry was read from, or is stored as. Of the very object that came from here. */
export function digestOfEntry(entry: Entry): string | undefined {
  return digests.get(entry);
}

export interface Linked {
  readonly texts: readonly string[];
  readonly entries: readonly Entry[];
  readonly head: Head;
}

/** The entries as they will be stored after `head`. An event that could not be read again is a bug and throws. */
export function link(head: Head, at: number, { events, by, source, signatures }: Append): Linked {
  const texts: string[] = [];
  const entries: Entry[] = [];
  let { seq, digest } = head;
  for (const [nth, event] of events.map((each) => JournalEvent.parse(each)).entries()) {
    const signature = signatures?.[nth];
    const optional = { ...(source && { source }), ...(signature && { signature }) };
    const entry = { v: 1, seq, at, by, prev: digest, ...optional, event };
    const text = JSON.stringify(entry);
    digest = digestOfText(text);
    texts.push(text);
    entries.push(withDigest(JSON.parse(text), digest));
    seq += 1;
  }
  return { texts, entries, head: { seq, digest } };
}

/** Stored texts from `from` on, with the one before them where there is one, and where the chain has to end. */
export interface StoredChain {
  readonly from: number;
  readonly before: string | undefined;
  readonly texts: readonly string[];
  readonly head: Head;
}

/**
 * The entries, each proven to follow the one before it and the last one proven to be the head. A text that `known` has is
 * not parsed again.
 */
export function readChain(
  ref: OpRef,
  { from, before, texts, head }: StoredChain,
  known: EntryMemory,
): Entry[] {
  let prev = before === undefined ? NO_ENTRIES.digest : digestOfText(before);
  const entries = texts.map((text, index) => {
    const seq = from + index;
    const digest = digestOfText(text);
    const entry = known.find(digest) ?? withDigest(parseEntry(ref, seq, text), digest);
    if (entry.seq !== seq) throw broken(ref, seq, `entry ${entry.seq} is in its place`);
    if (entry.prev !== prev) throw broken(ref, seq, 'it does not follow the entry before it');
    prev = digest;
    known.note(entry);
    return entry;
  });
  const end = from + texts.length;
  if (end < head.seq) throw broken(ref, end, `the last of ${head.seq} entries are missing`);
  if (end > head.seq && texts.length > 0) throw broken(ref, head.seq, 'nobody appended it');
  if (end === head.seq && prev !== head.digest) throw broken(ref, end - 1, 'it was changed');
  return entries;
}

function withDigest(entry: Entry, digest: string): Entry {
  digests.set(entry, digest);
  return entry;
}

function parseEntry(ref: OpRef, seq: number, text: string): Entry {
  const entry = Entry.safeParse(parseJson(ref, seq, text));
  if (!entry.success) throw broken(ref, seq, z.prettifyError(entry.error), entry.error);
  return entry.data;
}

function parseJson(ref: OpRef, seq: number, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw broken(ref, seq, rootMessage(cause), cause);
  }
}

function broken({ op }: OpRef, seq: number, because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'journal.broken',
    problem: `The journal of ${op} cannot be trusted at entry ${seq}`,
    because,
    effect: 'none',
    next: `Run \`signalbox audit verify\`, then restore the store from a backup that has ${op} whole.`,
    cause,
  });
}
