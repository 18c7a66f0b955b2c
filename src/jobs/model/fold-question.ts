import type { Author, EventOf } from './event.ts';
import { fresh, goOn, withResult } from './fold-step.ts';
import type { PromptOption } from './prompt.ts';
import type { Current, OperationState, Phase } from './state.ts';

export function asked(
  state: OperationState,
  { prompt, step, way, memo }: EventOf<'asked'>,
  at: number,
): OperationState {
  const phase: Phase = { kind: 'asking', prompt, step, way };
  const { hold: _held, cancel: _cancelled, ...others } = state;
  const rest = { ...others, silence: silenceFrom(at) };
  if (state.current?.step !== step || state.current.failure) return { ...rest, phase };
  return {
    ...rest,
    phase,
    current: { ...state.current, memo, askedAt: state.current.askedAt ?? at },
  };
}

export function answered(
  state: OperationState,
  { prompt, word }: EventOf<'answered'>,
  at: number,
): OperationState {
  const { phase } = state;
  if (phase.kind !== 'asking' && phase.kind !== 'held') return state;
  if (phase.prompt.id !== prompt) return state;
  const option = phase.prompt.options.find((candidate) => candidate.word === word);
  if (option === undefined) return state;
  // Somebody who holds it goes on thinking.
  return decided(option.does === 'hold' ? state : goingOn(state, at), phase, option, at);
}

function goingOn(state: OperationState, at: number): OperationState {
  if (state.current?.askedAt === undefined) return state;
  const { askedAt, ...current } = state.current;
  return { ...state, current: { ...current, askedMs: current.askedMs + at - askedAt } };
}

function decided(
  state: OperationState,
  phase: Extract<Phase, { kind: 'asking' | 'held' }>,
  { word, does }: PromptOption,
  at: number,
): OperationState {
  const { step, way } = phase;
  switch (does) {
    case 'hold':
      return { ...state, phase: { ...phase, kind: 'held' } };
    case 'retry':
      return { ...state, phase: { kind: 'running', step, way }, ...nextAttempt(state, at) };
    case 'skip':
      return goOn(withResult(state, step, way, { kind: 'skipped' }));
    case 'rollback':
      return goOn({ ...state, way: 'undo' });
    case 'step': {
      const current = state.current && { ...state.current, answer: word };
      return { ...state, phase: { kind: 'running', step, way }, ...(current && { current }) };
    }
    default:
      return does satisfies never;
  }
}

/** A failure that a person answered with "retry" gives the definition's tries anew; what was merely held goes on as it was. */
function nextAttempt({ current }: OperationState, at: number): { current?: Current } {
  if (current?.failure === undefined) return {};
  const attempt = current.attempt + 1;
  const { step, way } = current;
  const again = { ...fresh(step, way, at), attempt, firstAttempt: attempt, begun: false };
  return { current: again };
}

export function withAnswerer(state: OperationState, by: Author): OperationState {
  return by === 'engine' ? state : { ...state, answerers: [...state.answerers, by] };
}

export function silenceFrom(since: number): OperationState['silence'] {
  return { since, reminded: 0, escalated: false };
}

export function remindedOf(
  { silence }: OperationState,
  { nth, escalated }: EventOf<'reminded'>,
): OperationState['silence'] {
  return { ...silence, reminded: nth, escalated };
}
