import type { Journal, OpRef } from '../../jobs/journal/journal.ts';
import type { JournalEvent } from '../../jobs/model/event.ts';
import { foldEntries } from '../../jobs/model/fold.ts';
import type { OperationState } from '../../jobs/model/state.ts';

/** What an operation has to hear before anything of it goes on. None where it asks already, or only its end is missing. */
export function hearsOfIt(state: OperationState, because: string): readonly JournalEvent[] {
  const { phase, current, hold } = state;
  const why = `${because}; nobody knows what became of it since`;
  switch (phase.kind) {
    case 'claims':
      return refused(why);
    case 'approval':
      return 'plan' in phase.subject ? refused(why) : held(why);
    case 'running': {
      const doubt = current?.doubt === undefined && current?.begun && !current.failure;
      if (!doubt) return hold ? [] : held(why);
      const { step, way, attempt } = current;
      return [{ kind: 'interrupted', step, way, attempt, because: why }, ...held(why)];
    }
    case 'asking':
    case 'held':
      return hold ? [] : held(why);
    case 'finished':
    case 'ended':
      return [];
    default:
      return phase satisfies never;
  }
}

/** It may have run since: only a new request sees how things are. */
function refused(why: string): readonly JournalEvent[] {
  return [{ kind: 'ended', outcome: 'refused', because: `${why}. Ask for it anew.` }];
}

function held(why: string): readonly JournalEvent[] {
  return [{ kind: 'hold-requested', because: why }];
}

export interface Heard {
  readonly held: readonly OpRef[];
  readonly refused: readonly OpRef[];
}

/**
 * Puts on record in every open operation that the store is not the one it was: what had begun is probed and then asks
 * before it goes on, what had not is refused. Twice is harmless.
 */
export async function tellOperations(
  journal: Pick<Journal, 'open' | 'read' | 'append'>,
  because: string,
): Promise<Heard> {
  const heard = { held: [] as OpRef[], refused: [] as OpRef[] };
  for (const ref of await journal.open()) {
    const state = foldEntries(ref.op, await journal.read(ref));
    const events = state === undefined ? [] : hearsOfIt(state, because);
    if (state === undefined) continue;
    const { seq } = state;
    // Also where there is nothing to say: its epoch moves past those of the history that was lost.
    await journal.append(ref, { events, by: 'engine', seq, dueInMs: 0, evenReadOnly: true });
    if (events.length === 0) continue;
    heard[events.some(({ kind }) => kind === 'ended') ? 'refused' : 'held'].push(ref);
  }
  return heard;
}
