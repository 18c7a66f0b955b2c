import type { Ended } from '../../jobs/model/event.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import { counted, duration, joined } from './in-words.ts';

const OUTCOMES: Record<Ended, string> = {
  succeeded: 'DONE',
  'with-skips': 'DONE with skips',
  'rolled-back': 'ROLLED BACK',
  cancelled: 'CANCELLED',
  refused: 'REFUSED',
  expired: 'EXPIRED',
  abandoned: 'ABANDONED',
};

/** What is said when an operation is over: how it ended, who was part of it, how long each step took. */
export function report(state: OperationState, timeScale: number): readonly string[] {
  const { op, phase, request, requestedAt, lastAt, timings } = state;
  if (phase.kind !== 'ended') return [];
  const ran = timings.length > 0;
  const took = ran ? ` in ${duration((lastAt - requestedAt) * timeScale)}` : '';
  const why = phase.outcome === 'succeeded' ? undefined : phase.because;
  const head = joined([`${op} ${OUTCOMES[phase.outcome]}${took}: ${request.command}`, why]);
  if (!ran) return [head];
  return [head, joined([people(state), retries(state), skips(state)]), durations(state, timeScale)];
}

function people({ requester, approvals, answerers }: OperationState): string {
  const approvers = [...new Set(approvals.map(({ by }) => by))];
  return joined([
    `asked by ${requester}`,
    approvers.length > 0 && `approved by ${approvers.join(', ')}`,
    answerers.length > 0 && `answered by ${[...new Set(answerers)].join(', ')}`,
  ]);
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

function durations({ timings }: OperationState, timeScale: number): string {
  return timings
    .map(({ step, way, startedAt, endedAt }) => {
      const what = way === 'undo' ? `undo ${step}` : step;
      return `${what} ${duration((endedAt - startedAt) * timeScale)}`;
    })
    .join(' · ');
}
