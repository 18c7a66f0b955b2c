import type { JournalEvent, Way } from '../model/event.ts';
import type { OperationState } from '../model/state.ts';
import { cannotUndo } from '../model/step-order.ts';

/**
 * What turns an operation back by itself after a step failed. It goes on record together with the end of the step, so that
 * nobody is asked in between. Nothing where it goes back already, or where something cannot be undone: then people are asked.
 */
export function wayBack(state: OperationState, way: Way, because: string): readonly JournalEvent[] {
  if (way === 'undo' || cannotUndo(state)) return [];
  return [{ kind: 'rolling-back', because }];
}
