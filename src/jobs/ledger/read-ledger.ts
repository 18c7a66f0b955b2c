import type * as z from 'zod';
import { digestOfText, NOTHING_BEFORE } from '../journal/digest-of-text.ts';
import type { Trust } from '../signing/trust.ts';
import { type LedgerEntry, ledgerContent, storedEntry } from './ledger-entry.ts';
import type { LedgerName, LedgerStore } from './ledger-store.ts';

export interface LedgerOptions<Event> {
  readonly name: LedgerName;
  readonly store: LedgerStore;
  readonly event: z.ZodType<Event>;
  readonly trust: Trust;
}

export interface LedgerContent<Event> {
  /** How many entries are stored, whether they count or not. */
  readonly length: number;
  /** SHA-256 of the text of the last one. */
  readonly last: string;
  readonly entries: readonly LedgerEntry<Event>[];
  /** What does not count, and why, as `it …`. */
  readonly refused: readonly { readonly seq: number; readonly because: string }[];
}

const EMPTY = { length: 0, last: NOTHING_BEFORE, entries: [], refused: [] } as const;

export interface ReadLedger<Event> {
  /** What counts of it: signed by a trusted key, and following what stands before it. */
  read(): Promise<LedgerContent<Event>>;
}

/** What was verified once is only read on from; a ledger that is not as it was is read from its beginning. */
export function readLedger<Event>(options: LedgerOptions<Event>): ReadLedger<Event> {
  const { name, store } = options;
  let known: LedgerContent<Event> = EMPTY;

  /** Nothing where nothing was read before, or what was read is not there any more. */
  async function readOn(before: LedgerContent<Event>): Promise<LedgerContent<Event> | undefined> {
    if (before.length === 0) return undefined;
    const [last, ...more] = await store.read(name, before.length - 1);
    if (last === undefined || digestOfText(last) !== before.last) return undefined;
    return follow(options, before, more);
  }

  return {
    async read() {
      // Others may read meanwhile, and know more by then.
      const before = known;
      known = (await readOn(before)) ?? (await follow(options, EMPTY, await store.read(name, 0)));
      return known;
    },
  };
}

async function follow<Event>(
  options: LedgerOptions<Event>,
  known: LedgerContent<Event>,
  texts: readonly string[],
): Promise<LedgerContent<Event>> {
  let content = known;
  for (const text of texts) {
    const judged = await judge(options, content, text);
    content = {
      length: content.length + 1,
      last: digestOfText(text),
      entries: 'entry' in judged ? [...content.entries, judged.entry] : content.entries,
      refused:
        'because' in judged
          ? [...content.refused, { seq: content.length, because: judged.because }]
          : content.refused,
    };
  }
  return content;
}

async function judge<Event>(
  { name, event, trust }: LedgerOptions<Event>,
  { length, last }: LedgerContent<Event>,
  text: string,
): Promise<{ readonly entry: LedgerEntry<Event> } | { readonly because: string }> {
  const read = storedEntry(event).safeParse(parsed(text));
  if (!read.success) return { because: 'it cannot be read' };
  const { signature, prev, v: _, ...entry } = read.data;
  if (entry.seq !== length || prev !== last) {
    return { because: 'it does not follow what stands before it' };
  }
  const because = await trust.problemWith('ledger', ledgerContent(name, entry, prev), signature);
  return because === undefined ? { entry } : { because };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
