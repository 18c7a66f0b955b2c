import type { OpId } from '../domain/ids.ts';
import { inLots } from '../domain/in-lots.ts';
import type { Journal, OpRef } from '../jobs/journal/journal.ts';
import { foldEntries } from '../jobs/model/fold.ts';
import type { OperationState, Phase } from '../jobs/model/state.ts';

/** So many journals are read at a time, so that other commands get their turn. */
const AT_ONCE = 100;
const WAITING: ReadonlySet<Phase['kind']> = new Set(['approval', 'asking', 'held']);

/** Whether it waits for an approval or an answer. */
export function waitsForPeople({ phase }: Pick<OperationState, 'phase'>): boolean {
  return WAITING.has(phase.kind);
}

/** What is remembered of an open operation: how far it was read, and whether it waited for somebody there. */
interface Seen {
  readonly seq: number;
  readonly waits: boolean;
}

/** Counts those that wait for somebody. A journal that has not grown since the last time is not read again. */
export function countWaiting(journal: Pick<Journal, 'read' | 'lengths'>) {
  let known: ReadonlyMap<OpId, Seen> = new Map();

  async function look(ref: OpRef): Promise<readonly [OpId, Seen]> {
    const state = foldEntries(ref.op, await journal.read(ref));
    return [ref.op, { seq: state?.seq ?? 0, waits: state !== undefined && waitsForPeople(state) }];
  }

  return async (refs: readonly OpRef[]): Promise<number> => {
    const seen = new Map<OpId, Seen>();
    const grown: OpRef[] = [];
    const lengths = await journal.lengths(refs);
    for (const [place, ref] of refs.entries()) {
      const before = known.get(ref.op);
      if (before !== undefined && before.seq === lengths[place]) seen.set(ref.op, before);
      else grown.push(ref);
    }
    for (const some of inLots(grown, AT_ONCE)) {
      const looks = await Promise.all(some.map(look));
      for (const [op, what] of looks) seen.set(op, what);
    }
    known = seen;
    return [...seen.values()].filter(({ waits }) => waits).length;
  };
}
