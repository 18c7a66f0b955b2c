import type { StepId } from '../../domain/ids.ts';
import type { Entry, EventOf, JournalEvent } from '../../jobs/model/event.ts';
import { knownEvent } from '../../jobs/model/event.ts';
import { shortCode } from '../../jobs/model/plan.ts';
import { type Current, type OperationState, stepOf } from '../../jobs/model/state.ts';
import { cannotUndo } from '../../jobs/model/step-order.ts';
import type { Outgoing } from '../chat-network.ts';
import type { PlanEstimate } from '../estimates/estimates.ts';
import { soFarMs, timeLeft } from '../estimates/time-left.ts';
import { underGlassInWords } from '../glass/under-glass.ts';
import { approvalsGiven } from './approvals-given.ts';
import { downtimeInWords } from './downtime-in-words.ts';
import { evidenceInWords } from './evidence-in-words.ts';
import { howToAnswer, howToApprove } from './how-to-answer.ts';
import {
  approvedBy,
  changesBriefly,
  counted,
  duration,
  noWayBack,
  placeOf,
  stepTitle,
  withReason,
} from './in-words.ts';
import { isForOthersToo, remindInWords } from './remind-in-words.ts';
import { endedWell, report } from './report.ts';
import type { Situation } from './situation.ts';
import { type Asked, askedKey } from './subject-key.ts';

const SOME_TIME_MS = 2 * 60_000;

/** What is said about one entry, before it is addressed to a channel. */
export type Told = Pick<Outgoing, 'key' | 'as' | 'reactions'> & {
  readonly situation: Situation;
  /** Also where people hear of what nobody answers. */
  readonly escalated?: boolean;
  /** Also where people hear of what waits for approval. */
  readonly forApprovers?: boolean;
  /** Where an operation has a card, that says it. */
  readonly inCard?: boolean;
  /** In the channel itself where the rest is told in a thread: it settles what was asked there, or is not to be missed. */
  readonly loud?: boolean;
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
  const whose = {
    ...(isForOthersToo(event, scene) && { escalated: true }),
    ...(isForApprovers(event, before) && { forApprovers: true }),
    ...(isLoud(event) && { loud: true }),
  };
  return say(event, scene).map((one) => ({ ...markedBy(event, one), ...whose }));
}

const SETTLES_APPROVALS: ReadonlySet<string> = new Set([
  'approved',
  'withdrawn',
  'denied',
  'reminded',
  'ended',
]);

function isForApprovers(event: JournalEvent, before: OperationState | undefined): boolean {
  if (event.kind === 'requested') return event.demand !== undefined;
  if (event.kind === 'approval-asked') return true;
  return before?.phase.kind === 'approval' && SETTLES_APPROVALS.has(event.kind);
}

const LOUD: ReadonlySet<string> = new Set([
  'approved',
  'withdrawn',
  'denied',
  'answered',
  'taken-over',
  'failures-counted',
  'report-undelivered',
]);

function isLoud(event: JournalEvent): boolean {
  return event.kind === 'ended' ? !endedWell(event.outcome) : LOUD.has(event.kind);
}

/** Whatever is done under break-glass says so; at the end the report does. */
function markedBy(event: JournalEvent, { situation, ...told }: Told): Told {
  const under = event.kind === 'ended' ? undefined : underGlassInWords(event);
  if (under === undefined) return { ...told, situation };
  return { ...told, situation: { ...situation, facts: [...(situation.facts ?? []), under] } };
}

interface Scene extends TellFactsOfOne {
  readonly before: OperationState | undefined;
  readonly after: OperationState;
  readonly entry: Entry;
}

function say(event: JournalEvent, scene: Scene): readonly Told[] {
  const { after, entry, prefix } = scene;
  const { by } = entry;
  switch (event.kind) {
    case 'requested':
      return [requested(event, scene)];
    case 'approved':
      return [notice(scene, `${approvedBy(by, after)}${approvalsLeft(after)}`)];
    case 'withdrawn':
      return [notice(scene, `approval taken back by ${by}`)];
    case 'denied':
      // A plan that was denied ends with that, and its end says so.
      if ('plan' in event.subject) return [];
      return [notice(scene, withReason(`denied by ${by}`, event.because))];
    case 'approval-asked':
      return [stepApproval(event, scene)];
    case 'start-refused':
      return [notice(scene, `cannot ${goesOn(after)}: ${event.because}`)];
    case 'claims-awaited':
      return [notice(scene, `waits: ${event.because}`)];
    case 'barred':
      return [barred(event, scene)];
    case 'step-started':
      return started(event, scene);
    case 'waiting':
      return event.note === '' || event.note === scene.before?.current?.note
        ? []
        : [progress(scene, event.note, event.step)];
    case 'interrupted':
      return [interrupted(event, scene)];
    case 'asked':
      return [prompt(event, scene)];
    case 'answered':
      return [answered(event, scene)];
    case 'reminded':
      return remindInWords(after, entry, prefix);
    case 'rolling-back':
      // Who cancelled it said why.
      if (after.cancel?.because === event.because) return [];
      return [notice(scene, `is being rolled back: ${event.because}`)];
    case 'cancel-requested':
      return [notice(scene, withReason(`is being cancelled by ${by}`, event.because))];
    case 'hold-requested':
      // A step that was denied is held, and the denial was said.
      if (after.phase.kind === 'approval') return [];
      return [notice(scene, withReason(`is being held by ${by}`, event.because))];
    case 'takeover-asked':
      return [notice(scene, withReason(`${by} wants to take it over`, event.because))];
    case 'taken-over':
      return [notice(scene, withReason(`is taken over by ${by}`, event.because))];
    case 'ended':
      return [told(scene, 'notice', report(after, event.outcome, event.because, scene))];
    case 'report-undelivered':
      return [notice(scene, `report not delivered to ${event.webhook}: ${event.because}`)];
    case 'downtime':
      return downtime(event, scene);
    case 'failures-counted':
      return quarantined(event, scene);
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
  return [{ ...notice(scene, words.line), as: words.as }];
}

function barred({ step }: EventOf<'barred'>, scene: Scene): Told {
  const { op } = scene.after;
  const what = stepNow(scene.after) ?? '';
  return told(scene, 'notice', { op, place: placeOf(scene.after, step), what });
}

function quarantined(
  { host, quarantined: why }: EventOf<'failures-counted'>,
  scene: Scene,
): readonly Told[] {
  if (why === undefined) return [];
  const { op } = scene.after;
  const facts = [
    `${why.owner} looks after it`,
    `no group has it until ${scene.prefix}release ${host}`,
  ];
  return [told(scene, 'notice', { op, what: `quarantines ${host}: ${why.because}`, facts })];
}

/** Somebody wrote it past the bots: everybody hears of it. */
function doesNotCount({ kind }: JournalEvent, scene: Scene): Told {
  const { entry } = scene;
  const what = kind.replaceAll('-', ' ');
  const line = `"${what}" in the name of ${entry.by} does not count: ${entry.unvouched}`;
  return { ...notice(scene, line), loud: true };
}

function requested(event: EventOf<'requested'>, scene: Scene): Told {
  const { after, entry, prefix } = scene;
  const { op, request } = after;
  const { plan, estimateMs, impact, parent } = request;
  if (parent !== undefined) return progress(scene, `${event.command}, started by ${parent}`);
  const [zone] = plan.steps.map((step) => step.zone);
  const steps = `${counted(plan.steps.length, 'step')}, about ${duration(estimateMs)}`;
  const show = `${prefix}show ${op}`;
  const warning = noWayBack(plan);
  const { demand } = event;
  const how = demand && howToApprove(demand, op, shortCode(plan), prefix);
  const situation: Situation = {
    op,
    to: entry.by,
    what: event.command,
    facts: [zone ?? '', steps, impact ?? ''],
    details: [...(plan.notes ?? []), ...changesBriefly(plan, `: ${show}`)],
    question: { options: [], whose: [], ...how, ...(warning && { warning }), see: [show] },
  };
  if (how === undefined) return { ...told(scene, 'notice', situation), inCard: true };
  const asked: Asked = { kind: 'approval', op, subject: { plan: plan.digest } };
  return { key: askedKey(asked), as: 'prompt', situation, reactions: ['👍', '👎'] };
}

function goesOn({ claims }: OperationState): string {
  return claims.length > 0 ? 'go on' : 'start';
}

function approvalsLeft(state: OperationState): string {
  if (state.phase.kind !== 'approval') return '';
  const { count } = state.phase.demand;
  const given = approvalsGiven(state);
  return given >= count ? ', starting' : `, ${given} of ${count}`;
}

function stepApproval(event: EventOf<'approval-asked'>, scene: Scene): Told {
  const { after, prefix } = scene;
  const { op } = after;
  const asked: Asked = { kind: 'approval', op, subject: event.subject };
  const code = 'evidence' in event.subject ? event.subject.evidence.slice(0, 4) : '';
  return {
    key: askedKey(asked),
    as: 'prompt',
    situation: {
      op,
      place: placeOf(after, event.step),
      what: `${stepTitle(after, event.step)} wants an approval of its own`,
      facts: [evidenceInWords(event.evidence)],
      question: howToApprove(event.demand, op, code, prefix),
    },
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
  const line = `${what}${same ? how(before?.current, attempt) : ''}`;
  const begun = progress(scene, line, step);
  const time = expected(scene);
  return [{ ...begun, situation: { ...begun.situation, ...(time && { time }) } }];
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

function interrupted({ step, because }: EventOf<'interrupted'>, scene: Scene): Told {
  const { after } = scene;
  const what = `${stepTitle(after, step)}: ${because}; looking what became of it`;
  return told(scene, 'notice', { op: after.op, place: placeOf(after, step), what });
}

function prompt({ prompt: asked, step, way }: EventOf<'asked'>, scene: Scene): Told {
  const { after, entry, prefix } = scene;
  const { op, current } = after;
  const place = placeOf(after, step);
  const failure = current?.failure;
  const undoing = way === 'undo' ? 'undoing: ' : '';
  const warning = cannotUndo(after) ? noWayBack(after.request.plan) : undefined;
  return {
    key: askedKey({ kind: 'prompt', op, prompt: asked.id }),
    as: 'prompt',
    situation: {
      op,
      place,
      ...(failure && { headline: 'FAILED' }),
      what: `${undoing}${asked.question}`,
      facts: failure ? [failure.result.next] : [],
      question: {
        ...howToAnswer(asked, op, prefix, entry.at),
        ...(warning && { warning }),
        see: failure ? [`${prefix}log ${op} ${place.number}`] : [],
      },
    },
    reactions: asked.options.map(({ emoji }) => emoji),
  };
}

function answered({ word }: EventOf<'answered'>, scene: Scene): Told {
  const { before, after, entry, prefix } = scene;
  const { op, phase } = after;
  if (entry.by !== 'engine') return notice(scene, `${word}, says ${entry.by}`);
  if (phase.kind !== 'held') return notice(scene, `nobody answered: ${word}`);
  const waits = before?.phase.kind === 'asking' ? before.phase.prompt : phase.prompt;
  const { options } = howToAnswer(waits, op, prefix, entry.at);
  const others = options.flatMap(({ typed }) => (typed.includes('hold ') ? [] : [typed]));
  return told(scene, 'notice', {
    op,
    what: 'nobody answered, so it is held',
    facts: [others.join(' or ')],
  });
}

function told({ after, entry }: Scene, as: Told['as'], situation: Situation): Told {
  return { key: `${after.op} entry ${entry.seq}`, as, situation };
}

function notice(scene: Scene, what: string): Told {
  return told(scene, 'notice', { op: scene.after.op, what });
}

function progress(scene: Scene, what: string, step?: StepId): Told {
  const place = step && { place: placeOf(scene.after, step) };
  return told(scene, 'progress', { op: scene.after.op, ...place, what });
}

/** What a step is about, for those who ask for it alone. */
export function stepNow(state: OperationState): string | undefined {
  const { phase } = state;
  if (phase.kind !== 'running') return undefined;
  const { title } = stepOf(state, phase.step);
  if (state.barred) return `waits before ${title}: ${state.barred.because}`;
  return state.current?.note || title;
}
