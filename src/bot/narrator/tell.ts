import { subjectKey } from '../../jobs/engine/policy-gate.ts';
import type { Entry, EventOf, JournalEvent } from '../../jobs/model/event.ts';
import { knownEvent } from '../../jobs/model/event.ts';
import { shortCode } from '../../jobs/model/plan.ts';
import { type Current, type OperationState, stepOf } from '../../jobs/model/state.ts';
import { cannotUndo } from '../../jobs/model/step-order.ts';
import type { Outgoing } from '../chat-network.ts';
import type { PlanEstimate } from '../estimates/estimates.ts';
import { soFarMs, timeLeft } from '../estimates/time-left.ts';
import { underGlassInWords } from '../glass/under-glass.ts';
import { downtimeInWords } from './downtime-in-words.ts';
import { evidenceInWords } from './evidence-in-words.ts';
import { howToAnswer, howToApprove, ifUnanswered } from './how-to-answer.ts';
import {
  changesBriefly,
  counted,
  duration,
  joined,
  noWayBack,
  position,
  stepTitle,
  withReason,
} from './in-words.ts';
import { isForOthersToo, remindInWords } from './remind-in-words.ts';
import { report } from './report.ts';
import { type Asked, askedKey } from './subject-key.ts';

const SOME_TIME_MS = 2 * 60_000;

/** What is said about one entry, before it is addressed to a channel. */
export type Told = Pick<Outgoing, 'key' | 'lines' | 'as' | 'reactions'> & {
  /** Also where people hear of what nobody answers. */
  readonly escalated?: boolean;
};

export interface TellFacts {
  /** What commands begin with. */
  readonly prefix: string;
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
}

export interface TellFactsOfOne extends TellFacts {
  /** How long its steps are likely to take. */
  readonly estimate: PlanEstimate;
}

/** What the channel hears of an entry, given what the journal said before and after it. Pure; mostly nothing. */
export function tell(
  before: OperationState | undefined,
  after: OperationState,
  entry: Entry,
  facts: TellFactsOfOne,
): readonly Told[] {
  const event = knownEvent(entry);
  if (event === undefined) return [];
  const scene = { before, after, entry, ...facts };
  if (entry.unvouched !== undefined) return [doesNotCount(event, scene)];
  const told = say(event, scene).map((one) => markedBy(event, one));
  return isForOthersToo(event, scene) ? told.map((one) => ({ ...one, escalated: true })) : told;
}

/** Whatever is done under break-glass says so; at the end the report does. */
function markedBy(event: JournalEvent, told: Told): Told {
  const under = event.kind === 'ended' ? undefined : underGlassInWords(event);
  const [first, ...lines] = told.lines;
  return under === undefined ? told : { ...told, lines: [`${first}${under}`, ...lines] };
}

interface Scene extends TellFactsOfOne {
  readonly before: OperationState | undefined;
  readonly after: OperationState;
  readonly entry: Entry;
}

function say(event: JournalEvent, scene: Scene): readonly Told[] {
  const { after, entry, prefix } = scene;
  const { op } = after;
  switch (event.kind) {
    case 'requested':
      return requested(event, scene);
    case 'approved':
      return [notice(scene, `${op} approved by ${entry.by}${approvalsLeft(after)}`)];
    case 'withdrawn':
      return [notice(scene, `${op} approval taken back by ${entry.by}`)];
    case 'denied':
      // A plan that was denied ends with that, and its end says so.
      if ('plan' in event.subject) return [];
      return [notice(scene, withReason(`${op} denied by ${entry.by}`, event.because))];
    case 'approval-asked':
      return [stepApproval(event, scene)];
    case 'start-refused':
      return [notice(scene, `${op} cannot ${goesOn(after)}: ${event.because}`)];
    case 'claims-awaited':
      return [notice(scene, `${op} waits: ${event.because}`)];
    case 'step-started':
      return started(event, scene);
    case 'waiting':
      return event.note === '' || event.note === scene.before?.current?.note
        ? []
        : [progress(scene, `${op} ${position(after, event.step)} ${event.note}`)];
    case 'interrupted':
      return [notice(scene, interrupted(event, after))];
    case 'asked':
      return [prompt(event, scene)];
    case 'answered':
      return [notice(scene, answered(event, scene))];
    case 'reminded':
      return remindInWords(after, entry, prefix);
    case 'rolling-back':
      return [notice(scene, `${op} is being rolled back: ${event.because}`)];
    case 'cancel-requested':
      return [notice(scene, withReason(`${op} is being cancelled by ${entry.by}`, event.because))];
    case 'hold-requested':
      // A step that was denied is held, and the denial was said.
      if (after.phase.kind === 'approval') return [];
      return [notice(scene, withReason(`${op} is being held by ${entry.by}`, event.because))];
    case 'takeover-asked':
      return [notice(scene, withReason(`${entry.by} wants to take over ${op}`, event.because))];
    case 'taken-over':
      return [notice(scene, withReason(`${op} is taken over by ${entry.by}`, event.because))];
    case 'ended':
      return [{ ...notice(scene, ''), lines: report(after, scene.timeScale, scene.estimate) }];
    case 'report-undelivered':
      return [notice(scene, `${op} report not delivered to ${event.webhook}: ${event.because}`)];
    case 'downtime':
      return downtime(event, scene);
    case 'claimed':
    case 'released':
    case 'intended':
    // A failure is said when it is tried again, or by the prompt that asks about it.
    case 'step-ended':
    case 'child-ended':
      return [];
    default:
      return event satisfies never;
  }
}

function downtime(event: EventOf<'downtime'>, scene: Scene): readonly Told[] {
  const words = downtimeInWords(event, scene.before, scene.entry.at);
  if (words === undefined) return [];
  return [{ ...notice(scene, `${scene.after.op} ${words.line}`), as: words.as }];
}

/** Somebody wrote it past the bots: everybody hears of it. */
function doesNotCount({ kind }: JournalEvent, scene: Scene): Told {
  const { after, entry } = scene;
  const what = kind.replaceAll('-', ' ');
  const text = `${after.op} "${what}" in the name of ${entry.by} does not count: ${entry.unvouched}`;
  return notice(scene, text);
}

function requested(event: EventOf<'requested'>, scene: Scene): readonly Told[] {
  const { after, entry, prefix } = scene;
  const { op, request } = after;
  const { plan, estimateMs, impact, parent } = request;
  const [zone] = plan.steps.map((step) => step.zone);
  const steps = `${counted(plan.steps.length, 'step')}, about ${duration(estimateMs)}`;
  const card = joined([`${entry.by}: ${op} ${event.command}`, zone, steps, impact]);
  if (parent) return [progress(scene, `${parent} started ${op} ${event.command}`)];
  const asked: Asked = { kind: 'approval', op, subject: { plan: plan.digest } };
  const back = noWayBack(plan);
  const show = `${prefix}show ${op}`;
  const changes = changesBriefly(plan, `: ${show}`);
  if (!event.demand)
    return [{ ...notice(scene, card), lines: [card, ...changes, joined([back, show])] }];
  return [
    {
      key: askedKey(asked),
      as: 'prompt',
      lines: [
        card,
        ...changes,
        joined([back, howToApprove(event.demand, op, shortCode(plan), prefix), show]),
      ],
      reactions: ['👍', '👎'],
    },
  ];
}

function goesOn({ claims }: OperationState): string {
  return claims.length > 0 ? 'go on' : 'start';
}

function approvalsLeft({ phase, approvals }: OperationState): string {
  if (phase.kind !== 'approval') return '';
  const { count } = phase.demand;
  const wanted = subjectKey(phase.subject);
  const counting = approvals.filter(({ subject }) => subjectKey(subject) === wanted);
  const given = new Set(counting.map(({ by }) => by)).size;
  return given >= count ? ', starting' : `, ${given} of ${count}`;
}

function stepApproval(event: EventOf<'approval-asked'>, scene: Scene): Told {
  const { op } = scene.after;
  const asked: Asked = { kind: 'approval', op, subject: event.subject };
  const code = 'evidence' in event.subject ? event.subject.evidence.slice(0, 4) : '';
  const at = `${op} ${position(scene.after, event.step)} ${stepTitle(scene.after, event.step)}`;
  return {
    key: askedKey(asked),
    as: 'prompt',
    lines: [
      joined([`${at} wants an approval of its own`, evidenceInWords(event.evidence)]),
      howToApprove(event.demand, op, code, scene.prefix),
    ],
    reactions: ['👍', '👎'],
  };
}

function started(event: EventOf<'step-started'>, scene: Scene): readonly Told[] {
  const { before, after } = scene;
  const { step, way, attempt } = event;
  const same = before?.current?.step === step && before.current.way === way;
  const known = same && before.current?.attempt === attempt && before.current.begun;
  if (known && !before.current?.doubt) return [];
  const what = way === 'undo' ? `undoing: ${stepTitle(after, step)}` : stepTitle(after, step);
  const at = `${after.op} ${position(after, step)} ${what}`;
  const line = `${at}${same ? how(before?.current, attempt) : ''}`;
  return [progress(scene, joined([line, expected(scene)]))];
}

/** The request said how long it takes; it is said again once some time has passed. */
function expected({ after, entry, timeScale, estimate }: Scene): string | undefined {
  const clock = { now: entry.at, timeScale };
  const soFar = soFarMs(after, clock) ?? 0;
  return soFar < SOME_TIME_MS ? undefined : timeLeft(after, estimate, clock);
}

function how(before: Current | undefined, attempt: number): string {
  if (before?.failure) return ` failed: ${before.failure.result.text}; attempt ${attempt}`;
  return before?.doubt ? ', going on where it stopped' : ` (attempt ${attempt})`;
}

function interrupted({ step, because }: EventOf<'interrupted'>, after: OperationState): string {
  const at = `${after.op} ${position(after, step)} ${stepTitle(after, step)}`;
  return `${at}: ${because}; looking what became of it`;
}

function prompt({ prompt: asked, step, way }: EventOf<'asked'>, scene: Scene): Told {
  const { after, entry, prefix } = scene;
  const { op } = after;
  const failed = after.current?.failure ? 'FAILED ' : '';
  const undoing = way === 'undo' ? 'undoing: ' : '';
  const past = cannotUndo(after) ? noWayBack(after.request.plan) : undefined;
  const number = position(after, step).split('/')[0];
  const log = failed && `${prefix}log ${op} ${number}`;
  const limit = ifUnanswered(asked, entry.at);
  return {
    key: askedKey({ kind: 'prompt', op, prompt: asked.id }),
    as: 'prompt',
    lines: [
      `${op} ${position(after, step)} ${failed}${undoing}${asked.question}`,
      ...(after.current?.failure ? [after.current.failure.result.next] : []),
      joined([howToAnswer(asked, op, prefix), past, log, limit]),
    ],
    reactions: asked.options.map(({ emoji }) => emoji),
  };
}

function answered({ word }: EventOf<'answered'>, { after, entry }: Scene): string {
  if (entry.by === 'engine') return `${after.op} nobody answered: ${word}`;
  return `${after.op} ${word}, says ${entry.by}`;
}

function notice({ after, entry }: Scene, line: string): Told {
  return { key: `${after.op} entry ${entry.seq}`, as: 'notice', lines: [line] };
}

function progress(scene: Scene, line: string): Told {
  return { ...notice(scene, line), as: 'progress' };
}

/** What a step is about, for those who ask for it alone. */
export function stepNow(state: OperationState): string | undefined {
  const { phase } = state;
  if (phase.kind !== 'running') return undefined;
  const { note } = state.current ?? {};
  return note ?? stepOf(state, phase.step).title;
}
