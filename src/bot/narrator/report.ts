import type { UserId } from '../../domain/ids.ts';
import type { Ended } from '../../jobs/model/event.ts';
import { type OperationState, type Timing, tookMs } from '../../jobs/model/state.ts';
import type { PlanEstimate } from '../estimates/estimates.ts';
import { soFarMs } from '../estimates/time-left.ts';
import { leftBehind } from '../reports/operation-report.ts';
import { approvedBy, counted, duration, joined, NO_REASON, usually } from './in-words.ts';
import type { Situation } from './situation.ts';

export const OUTCOMES: Record<Ended, string> = {
  succeeded: 'DONE',
  'with-skips': 'DONE with skips',
  'rolled-back': 'ROLLED BACK',
  cancelled: 'CANCELLED',
  refused: 'REFUSED',
  expired: 'EXPIRED',
  abandoned: 'ABANDONED',
};

/** Whether it did what was asked for, at least where nobody wanted otherwise. */
export function endedWell(outcome: Ended): boolean {
  return outcome === 'succeeded' || outcome === 'with-skips';
}

/** What is said when an operation is over: how it ended, who was part of it, how long each step took and usually takes. */
export function report(
  state: OperationState,
  outcome: Ended,
  because: string,
  facts: { readonly timeScale: number; readonly estimate: PlanEstimate },
): Situation {
  const { op, request, lastAt, timings } = state;
  const ran = timings.length > 0;
  const ranMs = soFarMs(state, { now: lastAt, timeScale: facts.timeScale });
  const took = ranMs === undefined ? '' : ` in ${duration(ranMs)}`;
  const why = outcome === 'succeeded' || because === NO_REASON ? [] : [because];
  return {
    op,
    headline: `${OUTCOMES[outcome]}${took}`,
    what: request.command,
    facts: [...why, leftBehind(state) ?? '', state.glass ? `under BREAK-GLASS ${state.glass}` : ''],
    summary: ran ? [people(state), retries(state), skips(state), ...durations(state, facts)] : [],
  };
}

function people({ requester, approvals, answerers }: OperationState): string {
  return joined([
    `asked by ${requester}`,
    ...approvedByAll(
      approvals.map(({ by }) => by),
      requester,
    ),
    answerers.length > 0 && `answered by ${[...new Set(answerers)].join(', ')}`,
  ]);
}

/** Whoever approved their own request is not hidden among the others. */
function approvedByAll(by: readonly UserId[], requester: UserId): readonly string[] {
  const others = [...new Set(by)].filter((one) => one !== requester);
  return [
    ...(by.includes(requester) ? [approvedBy(requester, { requester })] : []),
    ...(others.length > 0 ? [`approved by ${others.join(', ')}`] : []),
  ];
}

function retries({ timings }: OperationState): string | undefined {
  const again = timings.filter(({ attempt, way }) => way === 'run' && attempt > 1).length;
  if (again === 0) return undefined;
  return again === 1 ? '1 retry' : `${again} retries`;
}

function skips({ results }: OperationState): string | undefined {
  const skipped = [...results].filter(([, { kind }]) => kind === 'skipped').map(([step]) => step);
  return skipped.length > 0
    ? `${counted(skipped.length, 'skip')}: ${skipped.join(', ')}`
    : undefined;
}

/** A step that was tried several times stands there once, with all its tries. */
function durations(
  { timings }: OperationState,
  { timeScale, estimate }: { readonly timeScale: number; readonly estimate: PlanEstimate },
): readonly string[] {
  const named = ({ step, way }: Timing) => (way === 'undo' ? `undo ${step}` : step);
  return [...Map.groupBy(timings, named)].map(([what, tries]) => {
    const ms = tries.reduce((sum, timing) => sum + tookMs(timing), 0) * timeScale;
    const often = tries.length > 1 ? ` in ${tries.length} tries` : '';
    return `${what} ${duration(ms)}${often}${usual(tries, ms, estimate)}`;
  });
}

/** Nothing where nothing was learned yet, and nobody knows how long it takes to undo a step. */
function usual([first]: readonly Timing[], ms: number, estimate: PlanEstimate): string {
  const known = first?.way === 'run' ? estimate.get(first.step) : undefined;
  return known?.learned ? ` (usually ${usually(known.ms, ms)})` : '';
}
