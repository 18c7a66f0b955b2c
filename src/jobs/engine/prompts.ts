import type { StepId } from '../../domain/ids.ts';
import type { EventOf, Way } from '../model/event.ts';
import type { Prompt, PromptOption, StepQuestion } from '../model/prompt.ts';
import type { Runbook } from '../model/runbook.ts';
import type { OperationState } from '../model/state.ts';
import { stepOf } from '../model/state.ts';
import { cannotUndo } from '../model/step-order.ts';
import { momentOf } from './moment.ts';

const RETRY: PromptOption = { word: 'retry', emoji: '🔁', does: 'retry' };
const GO_ON: PromptOption = { word: 'go-on', emoji: '▶️', does: 'retry' };
const SKIP: PromptOption = { word: 'skip', emoji: '⏭️', does: 'skip' };
const ROLLBACK: PromptOption = { word: 'rollback', emoji: '↩️', does: 'rollback' };
const HOLD: PromptOption = { word: 'hold', emoji: '⏸️', does: 'hold' };

export interface AskFacts {
  readonly now: number;
  readonly ifUnanswered: Runbook['ifUnanswered'];
}

/** A step failed for good: retry, skip where allowed, roll back where possible, hold. */
export function failurePrompt(state: OperationState, facts: AskFacts): EventOf<'asked'> {
  const { current } = state;
  if (current?.failure === undefined) throw new Error('asked about a failure that is not there');
  const { step, way, failure } = current;
  const planned = stepOf(state, step);
  const question = `${planned.id}: ${failure.result.text} · ${planned.leftBehind}`;
  const skip = planned.skippable ? [SKIP] : [];
  return asked(state, facts, {
    step,
    way,
    question,
    options: [RETRY, ...skip, ...rollback(state, way), HOLD],
  });
}

/** Somebody asked to hold, or an approval of a step's own expired. */
export function holdPrompt(state: OperationState, facts: AskFacts): EventOf<'asked'> {
  const { step, way } = position(state);
  const { hold } = state;
  const { title } = stepOf(state, step);
  const question = hold
    ? `${hold.takenOver ? 'taken over' : 'held'} by ${hold.by} before ${title}: ${hold.because}`
    : `${title} was not approved in time`;
  return asked(state, hold?.takenOver ? { ...facts, ifUnanswered: heldAfter(facts) } : facts, {
    step,
    way,
    question,
    options: [GO_ON, ...rollback(state, way), HOLD],
  });
}

/** Somebody else works on the host now: nothing goes on or back by itself. */
function heldAfter({ ifUnanswered }: AskFacts): AskFacts['ifUnanswered'] {
  return { ...ifUnanswered, does: 'hold' };
}

/** What would not be granted any more has waited long enough before a point of no return. */
export function barredPrompt(
  state: OperationState,
  facts: AskFacts,
  because: string,
): EventOf<'asked'> {
  const { step, way } = position(state);
  const question = `${stepOf(state, step).title} may not begin: ${because}`;
  return asked(state, facts, {
    step,
    way,
    question,
    options: [GO_ON, ...rollback(state, way), HOLD],
  });
}

/** A cancel that came after the point of no return. */
export function tooLatePrompt(state: OperationState, facts: AskFacts): EventOf<'asked'> {
  const { step, way } = position(state);
  const past = cannotUndo(state);
  const question = `too late to cancel: ${past?.title ?? 'a step'} cannot be undone`;
  return asked(state, facts, { step, way, question, options: [GO_ON, HOLD] });
}

/** Its runbook has changed under it. Going on helps once a worker of the old version is there. */
export function otherVersionPrompt(
  state: OperationState,
  deadlineAt: number,
  question: string,
): EventOf<'asked'> {
  const facts: AskFacts = { now: deadlineAt, ifUnanswered: { afterMs: 0, does: 'hold' } };
  return asked(state, facts, { ...position(state), question, options: [GO_ON, HOLD] });
}

/** What a step itself asks; it gets the word back, and holding is always possible. */
export function stepPrompt(
  state: OperationState,
  facts: AskFacts,
  { question, options, afterMs, answerableBy = [] }: StepQuestion,
): EventOf<'asked'> {
  const { step, way } = position(state);
  const own = options.map((option): PromptOption => ({ does: 'step', ...option }));
  const ifUnanswered = { does: 'hold' as const, afterMs: afterMs ?? facts.ifUnanswered.afterMs };
  const what = { step, way, question, options: [...own, HOLD], groups: answerableBy };
  return asked(state, { ...facts, ifUnanswered }, what);
}

interface Question {
  readonly step: StepId;
  readonly way: Way;
  readonly question: string;
  readonly options: readonly PromptOption[];
  readonly groups?: readonly string[];
}

function asked(
  state: OperationState,
  { now, ifUnanswered }: AskFacts,
  { step, way, question, options, groups = [] }: Question,
): EventOf<'asked'> {
  const prompt: Prompt = {
    id: `${state.op}-${momentOf(state)}`,
    question,
    answerableBy: { count: 1, groups },
    deadlineAt: now + ifUnanswered.afterMs,
    ifUnanswered: ifUnanswered.does,
    options,
  };
  return { kind: 'asked', step, way, prompt, memo: state.current?.memo ?? null };
}

function position({ phase, way, current }: OperationState): { step: StepId; way: Way } {
  if (phase.kind === 'running' || phase.kind === 'asking' || phase.kind === 'held') return phase;
  if (phase.kind === 'approval' && 'step' in phase.subject)
    return { step: phase.subject.step, way };
  if (current) return current;
  throw new Error(`nothing to ask about while ${phase.kind}`);
}

function rollback(state: OperationState, way: Way): readonly PromptOption[] {
  return way === 'run' && cannotUndo(state) === undefined ? [ROLLBACK] : [];
}
