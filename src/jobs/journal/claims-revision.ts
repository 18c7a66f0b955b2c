import type { OpId } from '../../domain/ids.ts';

/** Of claims that were never touched. */
export const FIRST_REVISION = '0 ';

/**
 * The revision of claims once an operation has taken its own on top of this one. It says how many changes there were and
 * who made the last, so that one who counts on a change of ours is not taken in by somebody else's in its place.
 */
export function revisionAfter(revision: string, by: OpId | 'hand'): string {
  return `${Number.parseInt(revision, 10) + 1} ${by}`;
}
