import type { OpId } from '../../domain/ids.ts';
import type { AnchorsRead } from '../../jobs/audit/read-anchors.ts';
import type { OpRef } from '../../jobs/journal/journal.ts';

/** Operations that were under way when they were last anchored, and that the store has nothing of. */
export function lostUnderWay(
  { points, removed }: AnchorsRead,
  there: readonly OpRef[],
): readonly OpId[] {
  const known = new Set(there.map(({ op }) => op));
  return [...points]
    .filter(([op, seen]) => !known.has(op) && !removed.has(op) && seen.at(-1)?.ended !== true)
    .map(([op]) => op);
}
