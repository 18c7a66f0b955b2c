import type { EventOf, JournalEvent } from '../model/event.ts';
import { foldEntry } from '../model/fold.ts';
import { stepOf } from '../model/state.ts';
import { nextMove } from './next-move.ts';
import { stepDefOf } from './runbook-of.ts';
import type { Tenure } from './tenure.ts';

/** The start of the step after the one that ends so; nothing where something has to be asked in between. */
export function startOfNext(tenure: Tenure, ended: EventOf<'step-ended'>): readonly JournalEvent[] {
  const { engine, state, ref, epoch } = tenure;
  const preview = {
    v: 1,
    seq: state.seq,
    at: engine.now(),
    by: 'engine',
    prev: '',
    event: ended,
  } as const;
  const after = foldEntry(ref.op, state, preview);
  if (after === undefined) return [];
  const def = (uses: string) => stepDefOf(engine, state, uses);
  const { timeScale } = engine.timing;
  const move = nextMove(after, { now: engine.now(), def, timeScale });
  if (move.kind !== 'call') return [];
  const { approvals, recheck } = stepOf(after, move.step);
  if (approvals || recheck) return [];
  const { step, way, attempt } = move;
  return [{ kind: 'step-started', step, way, attempt, epoch }];
}
