import type { OpId } from '../domain/ids.ts';
import type { Journal, OpRef } from '../jobs/journal/journal.ts';
import { foldEntries } from '../jobs/model/fold.ts';

/** So many journals are read at a time, so that other commands get their turn. */
const AT_ONCE = 100;
const WAITING: ReadonlySet<string | undefined> = new Set(['approval', 'asking', 'held']);

/** What is remembered of an open operation: how far it was read, and whether it waited for somebody there. */
interface Seen {
  readonly seq: number;
  readonly waits: boolean;
}

/** Counts those that wait for somebody. A journal that has not grown since the last time is not folded again. */
export function countWaiting(journal: Pick<Journal, 'read'>) {
  let known: ReadonlyMap<OpId, Seen> = new Map();

  async function look(ref: OpRef): Promise<Seen> {
    const before = known.get(ref.op);
    if (before && (await journal.read(ref, before.seq)).length === 0) return before;
    const state = foldEntries(ref.op, await journal.read(ref));
    return { seq: state?.seq ?? 0, waits: WAITING.has(state?.phase.kind) };
  }

  return async (refs: readonly OpRef[]): Promise<number> => {
    const seen = new Map<OpId, Seen>();
    for (let at = 0; at < refs.length; at += AT_ONCE) {
      const some = refs.slice(at, at + AT_ONCE);
      const looks = await Promise.all(some.map(look));
      for (const [place, { op }] of some.entries()) seen.set(op, looks[place] as Seen);
    }
    known = seen;
    return [...seen.values()].filter(({ waits }) => waits).length;
  };
}
