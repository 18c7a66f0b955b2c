import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { stateOf, type Told } from '../invariants.ts';
import type { FaultSite } from './site.ts';

const MOST = 100;

export interface Journals {
  readonly refs: readonly OpRef[];
  readonly told: readonly Told[];
  readonly states: readonly ReturnType<typeof stateOf>[];
}

/** Every journal as it is now; reading one checks its chain. */
export async function readJournals({ journal }: Pick<FaultSite, 'journal'>): Promise<Journals> {
  const refs = await journal.recent(MOST);
  const told = await Promise.all(
    refs.map(async (ref) => ({ op: ref.op, entries: await journal.read(ref) })),
  );
  return { refs, told, states: told.map(stateOf) };
}
