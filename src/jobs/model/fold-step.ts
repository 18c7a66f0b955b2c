import type { StepId } from '../../domain/ids.ts';
import type { EventOf, Result, Way } from './event.ts';
import type { Current, OperationState, Phase } from './state.ts';
import { followingStep, lastToUndo } from './step-order.ts';

export function started(
  state: OperationState,
  { step, way, attempt }: EventOf<'step-started'>,
  at: number,
): OperationState {
  const phase: Phase = { kind: 'running', step, way };
  const { current } = state;
  const same = current?.step === step && current.way === way;
  if (same && current.attempt === attempt) {
    // Another worker goes on with the same attempt: what it remembers and was told still holds.
    const { doubt: _doubt, failure: _failure, ...rest } = current;
    return { ...state, phase, current: { ...rest, begun: true } };
  }
  const firstAttempt = same && current.failure ? current.firstAttempt : attempt;
  return {
    ...state,
    phase,
    current: { ...fresh(step, way, at), attempt, firstAttempt },
  };
}

export function interrupted(
  state: OperationState,
  { because, code, next }: EventOf<'interrupted'>,
  at: number,
): OperationState {
  const { current } = state;
  if (current === undefined) return state;
  const interruptions = current.interruptions + 1;
  const failure = code === undefined ? undefined : { code, next: next ?? '' };
  const doubt = { because, since: at, ...(failure && { failure }) };
  return { ...state, current: { ...current, interruptions, doubt } };
}

export function waiting(
  state: OperationState,
  { memo, note }: EventOf<'waiting'>,
  at: number,
): OperationState {
  const { current } = state;
  if (current === undefined) return state;
  const { answer: _answered, ...rest } = current;
  const waitingSince = current.waitingSince ?? at;
  return { ...state, current: { ...rest, memo, note, waitingSince } };
}

export function ended(
  state: OperationState,
  { step, way, attempt, result }: EventOf<'step-ended'>,
  at: number,
): OperationState {
  const { startedAt, askedMs } = state.current ?? fresh(step, way, at);
  const timings = [...state.timings, { step, way, attempt, startedAt, endedAt: at, askedMs }];
  const after = withResult({ ...state, timings }, step, way, result);
  const failed = result.kind === 'failed' || result.kind === 'unknown';
  if (!failed) return goOn(after);
  const { doubt: _doubt, answer: _answer, ...current } = after.current ?? fresh(step, way, at);
  return { ...after, current: { ...current, failure: { result, at } } };
}

export function withResult(
  state: OperationState,
  step: StepId,
  way: Way,
  result: Result,
): OperationState {
  if (way === 'run') {
    const after = result.kind === 'unknown' ? withUnproven(state, step) : state;
    return { ...after, results: new Map(state.results).set(step, result) };
  }
  return { ...state, undone: new Map(state.undone).set(step, result) };
}

/** Whatever a later attempt comes to, an earlier call may have taken effect. */
export function withUnproven(state: OperationState, step: StepId): OperationState {
  return { ...state, unproven: new Set(state.unproven).add(step) };
}

/** To the next step of the way, or to the finish. */
export function goOn({ current: _done, ...state }: OperationState): OperationState {
  const next = state.way === 'run' ? followingStep(state) : lastToUndo(state);
  if (next === undefined) return { ...state, phase: { kind: 'finished', way: state.way } };
  return { ...state, phase: { kind: 'running', step: next.id, way: state.way } };
}

export function fresh(step: StepId, way: Way, at: number): Current {
  const firsts = { attempt: 1, firstAttempt: 1, interruptions: 0 };
  return { step, way, ...firsts, startedAt: at, askedMs: 0, begun: true };
}
