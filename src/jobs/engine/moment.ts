import type { OperationState } from '../model/state.ts';

/**
 * Names a place in a journal as no other one is named: where the store went backwards, entries are counted once more, and
 * what was asked at the same count in what was lost may still stand in the channel.
 */
export function momentOf({ seq, lastAt }: Pick<OperationState, 'seq' | 'lastAt'>): string {
  return `${seq}-${Math.trunc(lastAt).toString(36)}`;
}
