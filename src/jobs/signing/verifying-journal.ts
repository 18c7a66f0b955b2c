import type { Journal, OpRef } from '../journal/journal.ts';
import { type Entry, knownEvent } from '../model/event.ts';
import { signedContent } from './signed-entry.ts';
import type { Trust } from './trust.ts';

/** The journal as everybody reads it: what a person is said to have decided counts only with a bot's signature. */
export function verifyingJournal(journal: Journal, trust: Trust): Journal {
  /** Where each of them counts: what the journal gives again as the same object has the same text. */
  const vouched = new WeakMap<Entry, string>();

  async function judged(ref: OpRef, entry: Entry): Promise<Entry> {
    const place = `${ref.zone} ${ref.op}`;
    if (vouched.get(entry) === place) return entry;
    const problem = await unvouched(trust, ref, entry);
    if (problem !== undefined) return { ...entry, unvouched: problem };
    vouched.set(entry, place);
    return entry;
  }

  return {
    ...journal,
    async read(ref, from) {
      const entries = await journal.read(ref, from);
      if (entries.every(({ by }) => by === 'engine')) return entries;
      return Promise.all(entries.map((entry) => judged(ref, entry)));
    },
  };
}

/** Why an entry does not count, as `it …`; undefined when it does. */
export async function unvouched(
  trust: Trust,
  ref: OpRef,
  entry: Entry,
): Promise<string | undefined> {
  const { by, at, signature } = entry;
  if (by === 'engine') return undefined;
  if (signature !== undefined) {
    return trust.problemWith('entry', signedContent(ref, entry, signature.at), signature);
  }
  if (at < trust.unsignedBefore || isOfParent(entry)) return undefined;
  return 'it carries no signature';
}

/** Workers request children in the requester's name; the gate looks whether the parent's signed plan covers each. */
function isOfParent(entry: Entry): boolean {
  const event = knownEvent(entry);
  return event?.kind === 'requested' && event.parent !== undefined;
}
