import type { Append, Journal, OpRef } from '../journal/journal.ts';
import type { JournalEvent, Signature } from '../model/event.ts';
import { signedContent } from './signed-entry.ts';
import type { Signer } from './signer.ts';

/** The journal as a bot writes it: what people ask for and decide is signed. The engine's own entries are not. */
export function signingJournal(journal: Journal, signer: Signer, now: () => number): Journal {
  return {
    ...journal,
    async append(ref, what) {
      if (what.by === 'engine') return journal.append(ref, what);
      const signatures = what.events.map((event, nth) => signOne(ref, what, event, nth));
      return journal.append(ref, { ...what, signatures: await Promise.all(signatures) });
    },
  };

  async function signOne(
    ref: OpRef,
    { by, source, seq }: Append,
    event: JournalEvent,
    nth: number,
  ): Promise<Signature> {
    if (seq === undefined) throw new Error(`${event.kind} is signed without a place in ${ref.op}`);
    const at = now();
    const entry = { seq: seq + nth, by, event, ...(source && { source }) };
    return { at, ...(await signer.sign('entry', signedContent(ref, entry, at))) };
  }
}
