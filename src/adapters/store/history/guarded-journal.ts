import type { ZoneName } from '../../../domain/ids.ts';
import { digestOfText } from '../../../jobs/journal/digest-of-text.ts';
import type { Journal, OpRef } from '../../../jobs/journal/journal.ts';
import type { Entry } from '../../../jobs/model/event.ts';
import type { StoreGuard } from './store-guard.ts';

/** The journal of a store that may turn out to be another one: nothing changes before that is known. */
export function guardedJournal(journal: Journal, guard: StoreGuard): Journal {
  const newest = new Map<ZoneName, number>();

  function isNews(zone: ZoneName, at: number): boolean {
    if (at < (newest.get(zone) ?? 0)) return false;
    newest.set(zone, at);
    return true;
  }

  /** As it was appended: its text is what was stored. */
  function appended({ op, zone }: OpRef, entry: Entry | undefined): void {
    if (entry === undefined || !isNews(zone, entry.at)) return;
    const { seq, at } = entry;
    guard.saw(zone, () => ({ op, seq, at, digest: digestOfText(JSON.stringify(entry)) }));
  }

  /** Of what others appended, the last entry says what the one before it was. */
  function read({ op, zone }: OpRef, entry: Entry | undefined): void {
    if (entry === undefined || entry.seq === 0 || !isNews(zone, entry.at)) return;
    const { seq, at, prev } = entry;
    guard.saw(zone, () => ({ op, seq: seq - 1, at, digest: prev }));
  }

  return {
    ...journal,
    async append(ref, what) {
      if (!guard.isOpen()) await guard.pass();
      const done = await journal.append(ref, what);
      if (done.kind === 'ok') appended(ref, done.entries.at(-1));
      return done;
    },
    async read(ref, from) {
      const entries = await journal.read(ref, from);
      read(ref, entries.at(-1));
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
