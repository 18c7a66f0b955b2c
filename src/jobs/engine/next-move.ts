import type { StepId } from '../../domain/ids.ts';
import { approvalsGiven } from '../model/approvals-given.ts';
import type { Ended, EventOf, Subject, Way } from '../model/event.ts';
import type { Prompt } from '../model/prompt.ts';
import type { ReminderTimes } from '../model/reminders.ts';
import type { StepDef } from '../model/runbook.ts';
import type { Current, OperationState } from '../model/state.ts';
import { stepOf } from '../model/state.ts';
import { cannotUndo } from '../model/step-order.ts';
import { reminding } from './remind.ts';

/** What the engine does next with an operation. Decided here, done elsewhere. */
export type Move =
  /** Nobody has to look again before that, or before something is appended (`null`). */
  | { readonly kind: 'park'; readonly dueInMs: number | null }
  /** Count approvals, see that the plan still holds, take the claims. */
  | { readonly kind: 'start' }
  | { readonly kind: 'approve-step'; readonly step: StepId }
  /** It is said once, and looked at again now and then. */
  | { readonly kind: 'stall'; readonly because: string }
  | { readonly kind: 'probe' }
  | { readonly kind: 'call'; readonly step: StepId; readonly way: Way; readonly attempt: number }
  | { readonly kind: 'ask-failed' | 'ask-held' | 'ask-too-late' }
  | { readonly kind: 'answer'; readonly prompt: string; readonly word: string }
  | { readonly kind: 'remind'; readonly event: EventOf<'reminded'> }
  | { readonly kind: 'turn-back'; readonly because: string }
  | { readonly kind: 'end'; readonly outcome: Ended; readonly because: string };

export interface MoveFacts {
  readonly now: number;
  readonly def: (uses: string) => StepDef;
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
  /** Absent where nobody is reminded. */
  readonly reminders?: ReminderTimes | undefined;
}

export type InDoubt = Current & Required<Pick<Current, 'doubt'>>;

/** Nobody knows how its last call ended. */
export function isInDoubt(current: Current | undefined): current is InDoubt {
  return current?.doubt !== undefined;
}

/** A step that takes its worker down with it every time must not go on doing so. */
const MOST_INTERRUPTIONS = 5;
/** No retry helps against these. */
const NOT_RETRIED = new Set([
  'step.overdue',
  'step.bug',
  'gate.refused',
  'console.panic',
  'console.installer-failed',
  'console.boot-failed',
  'console.matched',
]);

export function nextMove(state: OperationState, facts: MoveFacts): Move {
  const { phase, unvouched } = state;
  if (unvouched !== undefined) return whileUnvouched(state, unvouched);
  if (leavesDoubt(state)) return whileInDoubt(state, state.current, facts);
  switch (phase.kind) {
    case 'ended':
      return { kind: 'park', dueInMs: null };
    case 'approval':
      return whileAwaitingApproval(state, phase, facts);
    case 'claims':
      return state.cancel ? cancelled(state) : { kind: 'start' };
    case 'asking':
      return whileAsking(state, phase, facts);
    case 'held':
      if (state.hold?.takenOver) return { kind: 'ask-held' };
      return state.cancel ? giveUp(state) : { kind: 'park', dueInMs: null };
    case 'running':
      return whileRunning(state, phase, facts);
    case 'finished':
      return finish(state);
    default:
      return phase satisfies never;
  }
}

/** What has begun waits for a worker that trusts the request again: to end in the middle is no known state. */
function whileUnvouched({ phase, cancel }: OperationState, unvouched: string): Move {
  const because = `the request does not count: ${unvouched}`;
  if (phase.kind === 'ended') return { kind: 'park', dueInMs: null };
  const hasBegun =
    phase.kind !== 'claims' && !(phase.kind === 'approval' && 'plan' in phase.subject);
  if (!hasBegun) return { kind: 'end', outcome: 'refused', because };
  if (cancel) return { kind: 'end', outcome: 'abandoned', because };
  return { kind: 'stall', because };
}

function whileAwaitingApproval(
  state: OperationState,
  { subject, expiresAt }: { subject: Subject; expiresAt: number },
  { now, reminders }: MoveFacts,
): Move {
  const forStep = 'step' in subject;
  if (forStep && state.hold?.takenOver) return { kind: 'ask-held' };
  if (state.cancel) return forStep ? giveUp(state) : cancelled(state);
  if (now >= expiresAt) {
    if (forStep) return { kind: 'ask-held' };
    return { kind: 'end', outcome: 'expired', because: 'nobody approved it in time' };
  }
  if (forStep && state.hold) return { kind: 'ask-held' };
  const { due, nextInMs } = reminding(state, now, reminders);
  if (due) return { kind: 'remind', event: due };
  if (approvalsGiven(state) === 0) {
    return { kind: 'park', dueInMs: Math.min(expiresAt - now, nextInMs) };
  }
  return forStep ? { kind: 'approve-step', step: subject.step } : { kind: 'start' };
}

function whileAsking(
  state: OperationState,
  { prompt }: { prompt: Prompt },
  { now, reminders }: MoveFacts,
): Move {
  if (state.hold?.takenOver) return { kind: 'ask-held' };
  if (state.cancel) return giveUp(state);
  if (now < prompt.deadlineAt) {
    const { due, nextInMs } = reminding(state, now, reminders);
    if (due) return { kind: 'remind', event: due };
    return { kind: 'park', dueInMs: Math.min(prompt.deadlineAt - now, nextInMs) };
  }
  const wanted = prompt.options.find(({ does }) => does === prompt.ifUnanswered);
  const option = wanted ?? prompt.options.find(({ does }) => does === 'hold');
  return { kind: 'answer', prompt: prompt.id, word: option?.word ?? 'hold' };
}

function whileRunning(
  state: OperationState,
  { step, way }: { step: StepId; way: Way },
  facts: MoveFacts,
): Move {
  const current =
    state.current?.step === step && state.current.way === way ? state.current : undefined;
  if (current?.failure && state.hold?.takenOver) return { kind: 'ask-held' };
  if (current?.failure) return afterFailure(state, current, current.failure, facts);
  if (isInDoubt(current)) return whileInDoubt(state, current, facts);
  if (state.hold?.takenOver) return { kind: 'ask-held' };
  if (state.cancel && way === 'run') return turnBack(state);
  if (state.hold) return { kind: 'ask-held' };
  return { kind: 'call', step, way, attempt: current?.attempt ?? 1 };
}

/** What was sent before may still arrive, and what is looked up before that proves nothing. */
function whileInDoubt(
  state: OperationState,
  { step, doubt }: InDoubt,
  { def, now, timeScale }: MoveFacts,
): Move {
  const dueInMs = settlesInMs(doubt, def(stepOf(state, step).uses), { now, timeScale });
  return dueInMs > 0 ? { kind: 'park', dueInMs } : { kind: 'probe' };
}

/** Not positive once nothing that was sent can arrive any more. */
export function settlesInMs(
  { since }: InDoubt['doubt'],
  { settleMs }: Pick<StepDef, 'settleMs'>,
  { now, timeScale }: Pick<MoveFacts, 'now' | 'timeScale'>,
): number {
  return since + settleMs / timeScale - now;
}

/** Another version asked what to do while nobody knew how a call had ended: that is found out before anybody turns away from it. */
function leavesDoubt(state: OperationState): state is OperationState & { current: InDoubt } {
  const { phase, cancel, hold } = state;
  if (phase.kind !== 'asking' && phase.kind !== 'held') return false;
  return (cancel !== undefined || hold?.takenOver === true) && isInDoubt(state.current);
}

function afterFailure(
  state: OperationState,
  { step, way, attempt, firstAttempt }: Current,
  { result, at }: NonNullable<Current['failure']>,
  { def, now, timeScale }: MoveFacts,
): Move {
  if (state.cancel && way === 'run') return turnBack(state);
  const { retry, ifInterrupted } = def(stepOf(state, step).uses);
  const { tries, backoffMs } = retry;
  const triesMade = attempt - firstAttempt + 1;
  const inDoubt = result.kind === 'unknown' && ifInterrupted === 'ask';
  const hopeless = inDoubt || NOT_RETRIED.has(result.code);
  if (hopeless || triesMade >= tries || state.hold) return { kind: 'ask-failed' };
  const dueInMs = at + (backoffMs * 2 ** (triesMade - 1)) / timeScale - now;
  if (dueInMs > 0) return { kind: 'park', dueInMs };
  return { kind: 'call', step, way, attempt: attempt + 1 };
}

/** Undo what was done, if that is possible; past the point of no return a cancel is too late. */
function turnBack(state: OperationState): Move {
  if (cannotUndo(state)) return { kind: 'ask-too-late' };
  return { kind: 'turn-back', because: state.cancel?.because ?? 'cancelled' };
}

/** A cancel while nothing runs always ends it: undone where possible, otherwise left as it is. */
function giveUp(state: OperationState): Move {
  const { cancel } = state;
  const because = cancel?.because ?? 'cancelled';
  if (state.way === 'undo' || cannotUndo(state))
    return { kind: 'end', outcome: 'abandoned', because };
  return { kind: 'turn-back', because };
}

function cancelled({ cancel }: OperationState): Move {
  return { kind: 'end', outcome: 'cancelled', because: cancel?.because ?? 'cancelled' };
}

function finish({ way, cancel, results }: OperationState): Move {
  if (way === 'undo') {
    const outcome = cancel ? 'cancelled' : 'rolled-back';
    return { kind: 'end', outcome, because: cancel?.because ?? 'everything it did was undone' };
  }
  const skipped = [...results.values()].some(({ kind }) => kind === 'skipped');
  return skipped
    ? { kind: 'end', outcome: 'with-skips', because: 'every step is over, some were skipped' }
    : { kind: 'end', outcome: 'succeeded', because: 'every step is done' };
}

/** Whether an attempt was interrupted so often that only a person may try it again. */
export function interruptedTooOften({ interruptions }: Current): boolean {
  return interruptions > MOST_INTERRUPTIONS;
}
