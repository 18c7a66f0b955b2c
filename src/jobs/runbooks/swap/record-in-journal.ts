import type { HostName, OpId, StepId } from '../../../domain/ids.ts';
import type { Journal } from '../../journal/journal.ts';
import { foldEntries } from '../../model/fold.ts';
import type { OperationState } from '../../model/state.ts';
import type { LastSwap, SwapRecord } from '../../ports/swap-record.ts';
import { SwapFacts, SwapInput } from './facts.ts';

/** Of so many operations the newest are looked at. */
const LOOKED_AT = 300;
const RUNBOOKS = new Set(['swap', 'maintain']);

/** Reads it from the operations themselves. What has ended is read once. */
export function recordInJournal(journal: Pick<Journal, 'recent' | 'read'>): SwapRecord {
  const known = new Map<OpId, LastSwap | undefined>();

  async function read(ref: Awaited<ReturnType<Journal['recent']>>[number]) {
    if (known.has(ref.op)) return known.get(ref.op);
    const state = foldEntries(ref.op, await journal.read(ref));
    if (state?.phase.kind !== 'ended') return undefined;
    const swap = swapOf(state);
    known.set(ref.op, swap);
    return swap;
  }

  return {
    async last(service) {
      for (const ref of await journal.recent(LOOKED_AT)) {
        const swap = await read(ref);
        if (swap?.service === service) return swap;
      }
      return undefined;
    },
  };
}

/** Undefined of what was no swap, and of one that ended before it began. */
function swapOf(state: OperationState): LastSwap | undefined {
  const { op, request, phase, lastAt, timings } = state;
  if (!RUNBOOKS.has(request.plan.runbook.name) || timings.length === 0) return undefined;
  const input = SwapInput.safeParse(request.plan.input);
  const facts = SwapFacts.safeParse(request.plan.facts);
  if (phase.kind !== 'ended' || !input.success || !facts.success) return undefined;
  const [from, to] = [facts.data.from.host, facts.data.to.host];
  return {
    op,
    service: input.data.service,
    outcome: phase.outcome,
    endedAt: lastAt,
    from,
    to,
    active: activeAfter(state, from, to),
    provedAt: provedAt(state, from, to),
  };
}

function activeAfter(
  { results, undone, intents }: OperationState,
  from: HostName,
  to: HostName,
): HostName | undefined {
  const step = 'swap' as StepId;
  if (undone.get(step)?.kind === 'done') return from;
  if (results.get(step)?.kind === 'done') return to;
  return intents.has(step) ? undefined : from;
}

const PROOFS = { test: 'to', verify: 'to', 'test-old': 'from' } as const;

function provedAt(
  { timings, results }: OperationState,
  from: HostName,
  to: HostName,
): LastSwap['provedAt'] {
  const proved = timings.flatMap(({ step, way, endedAt }): [HostName, number][] => {
    const side = PROOFS[step as string as keyof typeof PROOFS];
    if (side === undefined || way === 'undo' || results.get(step)?.kind !== 'done') return [];
    return [[side === 'to' ? to : from, endedAt]];
  });
  return new Map(proved);
}
