import type { Journal, OpRef } from '../../../jobs/journal/journal.ts';
import type { Entry } from '../../../jobs/model/event.ts';
import { digestOfEntry } from '../chain.ts';
import type { StoreGuard } from './store-guard.ts';

/** The journal of a store that may turn out to be another one: nothing changes before that is known. */
export function guardedJournal(journal: Journal, guard: StoreGuard): Journal {
  function saw({ op, zone }: OpRef, entry: Entry | undefined): void {
    const digest = entry && digestOfEntry(entry);
    if (entry === undefined || digest === undefined) return;
    guard.saw(zone, { op, seq: entry.seq, at: entry.at, digest });
  }

  return {
    ...journal,
    async append(ref, what) {
      if (!guard.isOpen()) await guard.pass();
      const done = await journal.append(ref, what);
      if (done.kind === 'ok') saw(ref, done.entries.at(-1));
      return done;
    },
    async read(ref, from) {
      const entries = await journal.read(ref, from);
      saw(ref, entries.at(-1));
      return entries;
    },
    async acquire(...lease) {
      if (!guard.isOpen()) await guard.pass();
      return journal.acquire(...lease);
    },
    async due(...which) {
      if (!guard.isOpen()) await guard.pass();
      return journal.due(...which);
    },
    async lockByHand(...lock) {
      if (!guard.isOpen()) await guard.pass();
      return journal.lockByHand(...lock);
    },
    async unlockByHand(...lock) {
      if (!guard.isOpen()) await guard.pass();
      return journal.unlockByHand(...lock);
    },
  };
}
