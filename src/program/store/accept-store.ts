import { childEnded } from '../../jobs/engine/children.ts';
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
    const events = await tellOne(journal, ref, because);
    if (events.length > 0) heard[isRefused(events) ? 'refused' : 'held'].push(ref);
  }
  return heard;
}

/** What moved meanwhile is told anew: nothing may go on that has not heard of it. */
async function tellOne(
  journal: Pick<Journal, 'read' | 'append'>,
  ref: OpRef,
  because: string,
): Promise<readonly JournalEvent[]> {
  for (;;) {
    const state = foldEntries(ref.op, await journal.read(ref));
    if (state === undefined) return [];
    const events = hearsOfIt(state, because);
    if (isRefused(events)) await tellParent(journal, ref, state);
    const { seq } = state;
    // Also where there is nothing to say: its epoch moves past those of the history that was lost.
    const what = { events, by: 'engine', seq, dueInMs: 0, evenReadOnly: true } as const;
    const { kind } = await journal.append(ref, what);
    if (kind === 'ok') return events;
  }
}

function isRefused(events: readonly JournalEvent[]): boolean {
  return events.some(({ kind }) => kind === 'ended');
}

/** No worker comes to it any more that would. */
async function tellParent(
  journal: Pick<Journal, 'append'>,
  { op, zone }: OpRef,
  { request: { parent } }: OperationState,
): Promise<void> {
  if (parent === undefined) return;
  const what = { ...childEnded(op, 'refused'), evenReadOnly: true } as const;
  await journal.append({ op: parent, zone }, what);
}
