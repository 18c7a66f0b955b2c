import type { StepId } from '../../domain/ids.ts';
import { approvalsGiven } from '../../jobs/model/approvals-given.ts';
import type { Result, Way } from '../../jobs/model/event.ts';
import type { PlannedStep } from '../../jobs/model/plan.ts';
import { pointOfNoReturn } from '../../jobs/model/plan.ts';
import { type OperationState, type Phase, tookMs } from '../../jobs/model/state.ts';
import type { PlanEstimate } from '../estimates/estimates.ts';
import { type Clock, timeLeft } from '../estimates/time-left.ts';
import type { Card, CardStep, Mood } from './card.ts';
import { approvedBy, counted, duration, position, stepTitle, withReason } from './in-words.ts';
import { endedWell, OUTCOMES, report } from './report.ts';

/** The clock is that of the newest entry, so that a card changes when the journal does and not by itself. */
export interface CardFacts extends Clock {
  readonly prefix: string;
}

/** An operation as its journal says it stands. Pure: the same journal gives the same card. */
export function cardOf(state: OperationState, estimate: PlanEstimate, facts: CardFacts): Card {
  const { op, request, requester } = state;
  const time = timeLeft(state, estimate, facts);
  return {
    op,
    command: request.command,
    by: requester,
    mood: moodOf(state.phase),
    headline: headline(state, estimate, facts),
    facts: factsOf(state, estimate, facts).filter((fact) => fact !== ''),
    steps: request.plan.steps.map((step) => stepOf(state, step, facts)),
    ...(time && { time }),
    see: [`${facts.prefix}show ${op}`, ...(hasRun(state) ? [`${facts.prefix}log ${op}`] : [])],
  };
}

function moodOf(phase: Phase): Mood {
  switch (phase.kind) {
    case 'approval':
    case 'asking':
    case 'held':
      return 'asks';
    case 'claims':
      return 'waits';
    case 'running':
    case 'finished':
      return 'runs';
    case 'ended':
      return endedWell(phase.outcome) ? 'done' : 'failed';
    default:
      return phase satisfies never;
  }
}

function headline(state: OperationState, estimate: PlanEstimate, facts: CardFacts): string {
  const { phase } = state;
  switch (phase.kind) {
    case 'approval':
      return waitsForApproval(state, phase);
    case 'claims':
      return phase.because ? `waits: ${phase.because}` : startsOrNot(state);
    case 'running':
      return `${position(state, phase.step)} ${undoing(phase)}${stepInWords(state, phase.step)}`;
    case 'finished':
      return 'about to end';
    case 'asking':
      return `${position(state, phase.step)} ${failedOrAsks(state)}${undoing(phase)}${phase.prompt.question}`;
    case 'held':
      return `${position(state, phase.step)} HELD: ${undoing(phase)}${phase.prompt.question}`;
    case 'ended':
      return (
        report(state, phase.outcome, phase.because, { ...facts, estimate }).headline ??
        OUTCOMES[phase.outcome]
      );
    default:
      return phase satisfies never;
  }
}

function waitsForApproval(state: OperationState, phase: Extract<Phase, { kind: 'approval' }>) {
  const { count, groups } = phase.demand;
  const from = groups.length > 0 ? ` from ${groups.join(' or ')}` : '';
  const given = approvalsGiven(state);
  const step =
    'step' in phase.subject
      ? `${position(state, phase.subject.step)} ${stepTitle(state, phase.subject.step)} `
      : '';
  return `${step}needs ${counted(count, 'approval')}${from}${given > 0 ? `, has ${given}` : ''}`;
}

function undoing({ way }: { readonly way: Way }): string {
  return way === 'undo' ? 'undoing: ' : '';
}

/** What it waits for stands beside the step. */
function stepInWords(state: OperationState, step: StepId): string {
  const title = stepTitle(state, step);
  return state.barred ? `waits before ${title}: ${state.barred.because}` : title;
}

function startsOrNot({ startRefused }: OperationState): string {
  return startRefused === undefined ? 'starting' : `cannot start: ${startRefused}`;
}

function failedOrAsks({ current }: OperationState): string {
  return current?.failure ? 'FAILED ' : '';
}

/** What somebody needs who sees the card alone: first what is the matter, then what it takes, then who said so. */
function factsOf(
  state: OperationState,
  estimate: PlanEstimate,
  facts: CardFacts,
): readonly string[] {
  const { phase, request, requester, approvals, cancel, glass } = state;
  const own = [
    request.plan.zone,
    ...new Set(
      approvals.map(({ by, network }) => `${approvedBy(by, { requester })} on ${network}`),
    ),
  ];
  if (phase.kind === 'ended') {
    const { facts: why = [] } = report(state, phase.outcome, phase.because, { ...facts, estimate });
    return [...why, ...own];
  }
  return [
    state.unvouched === undefined ? '' : `does not count: ${state.unvouched}`,
    cancel === undefined ? '' : withReason(`is being cancelled by ${cancel.by}`, cancel.because),
    ...own,
    request.impact ?? '',
    glass === undefined ? '' : `under BREAK-GLASS ${glass}`,
  ];
}

function hasRun({ timings, current }: OperationState): boolean {
  return timings.length > 0 || current !== undefined;
}

function stepOf(state: OperationState, step: PlannedStep, facts: CardFacts): CardStep {
  const stands = standsOf(state, step);
  const note = noteOf(state, step, stands, facts);
  const isLast = pointOfNoReturn(state.request.plan)?.id === step.id;
  return { title: step.title, stands, ...(note && { note }), ...(isLast && { noReturn: true }) };
}

const STANDS: Record<Result['kind'], CardStep['stands']> = {
  done: 'done',
  already: 'done',
  skipped: 'skipped',
  failed: 'failed',
  unknown: 'unclear',
};

function standsOf(
  { results, undone, current, phase }: OperationState,
  { id }: PlannedStep,
): CardStep['stands'] {
  const isNow = current?.step === id && phase.kind !== 'ended';
  if (isNow && current.doubt) return 'unclear';
  if (isNow && current.failure) return 'failed';
  if (isNow && (phase.kind === 'asking' || phase.kind === 'held')) return 'parked';
  if (isNow) return current.way === 'undo' ? 'undoing' : 'runs';
  const back = undone.get(id);
  if (back?.kind === 'done' || back?.kind === 'already') return 'undone';
  const result = back ?? results.get(id);
  return result ? STANDS[result.kind] : 'ahead';
}

function noteOf(
  { current, phase, results, timings }: OperationState,
  { id }: PlannedStep,
  stands: CardStep['stands'],
  { timeScale }: CardFacts,
): string | undefined {
  const result = results.get(id);
  switch (stands) {
    case 'runs':
    case 'undoing':
      return phase.kind === 'running' ? current?.note : undefined;
    case 'failed':
    case 'unclear':
      if (current?.step === id) return current.failure?.result.text ?? current.doubt?.because;
      return result && 'text' in result ? result.text : undefined;
    case 'done': {
      if (result?.kind === 'already') return 'it was already so';
      const timing = timings.findLast((one) => one.step === id && one.way === 'run');
      return timing && duration(tookMs(timing) * timeScale);
    }
    case 'ahead':
    case 'parked':
    case 'skipped':
    case 'undone':
      return undefined;
    default:
      return stands satisfies never;
  }
}
