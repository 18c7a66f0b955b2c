import { tell } from '../../../src/bot/narrator/tell.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { Entry } from '../../../src/jobs/model/event.ts';
import { foldEntry } from '../../../src/jobs/model/fold.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import { LAB_SCALE } from '../../../src/lab/lab-time.ts';

/** The keys of everything that the channel has to hear of a journal, in order and once each. */
export function toldByJournal({ op }: OpRef, entries: readonly Entry[]): readonly string[] {
  const keys: string[] = [];
  let before: OperationState | undefined;
  for (const entry of entries) {
    const after = foldEntry(op, before, entry);
    if (after === undefined) return keys;
    const told = tell(before, after, entry, {
      prefix: '!',
      timeScale: LAB_SCALE,
      estimate: new Map(),
    });
    keys.push(...told.map(({ key }) => key));
    before = after;
  }
  return keys;
}
