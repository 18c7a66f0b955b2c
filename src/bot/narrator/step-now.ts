import { type OperationState, stepOf } from '../../jobs/model/state.ts';

/** What a step is about, for those who ask for it alone. */
export function stepNow(state: OperationState): string | undefined {
  const { phase } = state;
  if (phase.kind !== 'running') return undefined;
  const { title } = stepOf(state, phase.step);
  if (state.barred) return `waits before ${title}: ${state.barred.because}`;
  return state.current?.note || title;
}
