import type { Author, Source } from '../model/event.ts';
import type { Signer } from '../signing/signer.ts';
import { type LedgerEntry, ledgerContent } from './ledger-entry.ts';
import {
  type LedgerContent,
  type LedgerOptions,
  type ReadLedger,
  readLedger,
} from './read-ledger.ts';

export interface ToRecord<Event> {
  readonly by: Author;
  readonly source?: Source;
  readonly event: Event;
}

export interface Ledger<Event> extends ReadLedger<Event> {
  /** Signs and appends what was decided on just this content; false when it has moved since. */
  append(what: ToRecord<Event>, content: LedgerContent<Event>): Promise<boolean>;
}

export interface WriteLedgerOptions<Event> extends LedgerOptions<Event> {
  readonly signer: Signer;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
}

export function writeLedger<Event>(options: WriteLedgerOptions<Event>): Ledger<Event> {
  const { name, store, signer, now } = options;
  return {
    ...readLedger(options),
    async append(what, { length, last }) {
      const entry: LedgerEntry<Event> = { seq: length, at: now(), ...what };
      const content = ledgerContent(name, entry, last);
      const signature = await signer.sign('ledger', content);
      const { ledger: _, ...stored } = content as Record<string, unknown>;
      return store.append(name, length, JSON.stringify({ ...stored, signature }));
    },
  };
}
