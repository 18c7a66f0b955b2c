import type { Entry } from '../../jobs/model/event.ts';
import { digestOfEntry } from './chain.ts';

/** Readers follow what is written now; what is older is read anew in a moment. */
const KEPT = 200;

/** Entries that were written or read lately, by the digest of their text: the same text is the same entry. */
export interface EntryMemory {
  find(digest: string): Entry | undefined;
  /** Only what was written to a chain, or read from one, has a digest. */
  note(entry: Entry): void;
}

export function entryMemory(): EntryMemory {
  const entries = new Map<string, Entry>();
  return {
    find: (digest) => entries.get(digest),
    note(entry) {
      const digest = digestOfEntry(entry);
      if (digest === undefined || entries.has(digest)) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= KEPT) entries.delete(oldest);
      entries.set(digest, entry);
    },
  };
}
