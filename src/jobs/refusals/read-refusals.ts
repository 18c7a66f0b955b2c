import { digestOfText } from '../journal/digest-of-text.ts';
import type { Trust } from '../signing/trust.ts';
import { type RefusalEntry, StoredRefusal } from './refusal-entry.ts';
import type { RefusalStore } from './refusal-store.ts';

export interface ReadRefusals {
  /** Signed by a trusted key, oldest first. */
  readonly entries: readonly RefusalEntry[];
  /** What does not fit, as `entry 3 …`. */
  readonly problems: readonly string[];
}

/** The newest of what was refused. What came before the first of them is not known any more, and not missed. */
export async function readRefusals(
  store: Pick<RefusalStore, 'newest'>,
  trust: Trust,
  count: number,
): Promise<ReadRefusals> {
  const texts = await store.newest(count);
  const entries: RefusalEntry[] = [];
  const problems: string[] = [];
  for (const [nth, text] of texts.entries()) {
    const read = StoredRefusal.safeParse(parsed(text));
    if (!read.success) {
      problems.push(`an entry of the refusals cannot be read: ${text.slice(0, 60)}`);
      continue;
    }
    const { signature, ...entry } = read.data;
    const before = texts[nth - 1];
    const follows = before === undefined || entry.prev === digestOfText(before);
    const because = follows
      ? await trust.problemWith('refusal', entry, signature)
      : 'it does not follow what stands before it';
    if (because === undefined) entries.push(entry);
    else problems.push(`entry ${entry.seq} of the refusals: ${because}`);
  }
  return { entries, problems };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
