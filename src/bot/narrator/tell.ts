import { approvalsGiven } from '../../jobs/model/approvals-given.ts';
import type { Entry, EventOf, JournalEvent } from '../../jobs/model/event.ts';
import { knownEvent } from '../../jobs/model/event.ts';
import type { Current, OperationState } from '../../jobs/model/state.ts';
import { soFarMs, timeLeft } from '../estimates/time-left.ts';
import { underGlassInWords } from '../glass/under-glass.ts';
import { downtimeInWords } from './downtime-in-words.ts';
import { howToAnswer } from './how-to-answer.ts';
import { approvedBy, placeOf, stepTitle, withReason } from './in-words.ts';
import { remindInWords } from './remind-in-words.ts';
import { report } from './report.ts';
import { stepNow } from './step-now.ts';
import { prompt, requested, stepApproval } from './tell-questions.ts';
import { notice, progress, type Scene, type TellFactsOfOne, type Told, told } from './told.ts';
import { whoHears } from './who-hears.ts';

const SOME_TIME_MS = 2 * 60_000;

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
  const whose = whoHears(event, scene);
  return say(event, scene).map((one) => ({ ...markedBy(event, one), ...whose }));
}

/** Whatever is done under break-glass says so; at the end the report does. */
function markedBy(event: JournalEvent, { situation, ...told }: Told): Told {
  const under = event.kind === 'ended' ? undefined : underGlassInWords(event);
  if (under === undefined) return { ...told, situation };
  return { ...told, situation: { ...situation, facts: [...(situation.facts ?? []), under] } };
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

function goesOn({ claims }: OperationState): string {
  return claims.length > 0 ? 'go on' : 'start';
}

function approvalsLeft(state: OperationState): string {
  if (state.phase.kind !== 'approval') return '';
  const { count } = state.phase.demand;
  const given = approvalsGiven(state);
  return given >= count ? ', starting' : `, ${given} of ${count}`;
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
