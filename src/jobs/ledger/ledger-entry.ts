import * as z from 'zod';
import { Author, Signature, Source } from '../model/event.ts';
import type { LedgerName } from './ledger-store.ts';

const Content = {
  v: z.literal(1),
  /** From 0, without gaps. */
  seq: z.int().nonnegative(),
  /** SHA-256 of the text of the entry before it; 64 zeros for the first. */
  prev: z.string(),
  /** Milliseconds since 1970, by the store's clock as the bot that wrote it knew it. */
  at: z.number(),
  by: Author,
  /** The message that said it, where a person did. */
  source: Source.optional(),
};

export function storedEntry<Event extends z.ZodType>(event: Event) {
  return z.strictObject({
    ...Content,
    event,
    signature: Signature.pick({ key: true, value: true }),
  });
}

/** An entry that counts. */
export interface LedgerEntry<Event> {
  readonly seq: number;
  readonly at: number;
  readonly by: Author;
  readonly source?: Source | undefined;
  readonly event: Event;
}

/** All of it, and in which ledger: it counts in one place of one ledger and nowhere else. */
export function ledgerContent<Event>(
  ledger: LedgerName,
  { seq, at, by, source, event }: LedgerEntry<Event>,
  prev: string,
): object {
  return { v: 1, ledger, seq, prev, at, by, event, ...(source && { source }) };
}
