import type { OpId } from '../../../src/domain/ids.ts';
import { type Entry, knownEvent } from '../../../src/jobs/model/event.ts';
import { foldEntry } from '../../../src/jobs/model/fold.ts';
import { type OperationState, stepOf } from '../../../src/jobs/model/state.ts';
import { findingInWords } from '../../../src/program/audit/audit-lines.ts';
import { toldByJournal } from '../../servers/program/told-by-journal.ts';
import {
  claimViolations,
  coherenceViolations,
  effectViolations,
  interlockViolations,
  journalViolations,
  stateOf,
  type Told,
  undoViolations,
} from '../invariants.ts';
import type { Heard } from './chat.ts';
import { MOST_AWAY, ZONES } from './hosts.ts';
import { inOrder, type Journals, readJournals } from './journals.ts';
import { goneOnViolations, isShortened, type Loss, vanished, vanishedViolations } from './loss.ts';
import { operationsIn } from './people.ts';
import { resultIn } from './result-in.ts';
import type { FaultSite } from './site.ts';
import { ORIGINAL, type Target } from './target.ts';
import { TOY_STEPS, type ToyKind } from './toy-steps.ts';

/** What must hold when everything is at rest. */
export async function violations(site: FaultSite): Promise<readonly string[]> {
  const { target, chat, losses } = site;
  const journals = await readJournals(site);
  const { told, states } = journals;
  const views = await Promise.all(ZONES.map((zone) => site.journal.claims(zone)));
  const held = views.flatMap((view) => view.held);
  const effects = target.effects();
  return [
    ...losses.flatMap((loss) => loss.violations),
    ...lost(journals, chat.heard, losses),
    ...claimViolations(states, held),
    ...interlockViolations(held, MOST_AWAY),
    ...heldTogether(await inOrder(site, journals)),
    ...told.flatMap((one) => [
      ...journalViolations(one),
      ...coherenceViolations(one),
      ...(isShortened(one.op, losses)
        ? goneOnViolations(one, effects, losses)
        : [...effectViolations(one, effects, defOf), ...undoViolations(one, effects)]),
      ...budgetViolations(one),
      ...doubtViolations(one),
      ...unsaid(one, chat.heard),
    ]),
    ...guardViolations(target),
    ...states
      .filter(({ op }) => !isShortened(op, losses))
      .flatMap((state) => settingViolations(state, target)),
    ...losses.flatMap((loss) => vanishedViolations(loss, effects)),
    ...contradictions(states, chat.heard, losses),
  ];
}

const defOf = (uses: string) => TOY_STEPS[uses as ToyKind];

/** Also when nothing is left that runs. What was armed in a history that is lost is a person's to take back. */
export function leftArmed({ target, losses }: FaultSite): readonly string[] {
  return target
    .armed()
    .filter((op) => !isShortened(op, losses))
    .map((op) => `${op} left something armed`);
}

/** What `signalbox audit verify` finds. */
export async function auditViolations({ operator }: FaultSite): Promise<readonly string[]> {
  const { findings } = await operator.verify();
  return findings.map((finding) => `the audit finds: ${findingInWords(finding)}`);
}

function lost(
  { states }: Journals,
  heard: readonly Heard[],
  losses: readonly Loss[],
): readonly string[] {
  const gone = losses.flatMap((loss) => [...vanished(loss)]);
  const known = new Set<string>([...states.map(({ op }) => op), ...gone]);
  return [...operationsIn(heard)]
    .filter((op) => !known.has(op))
    .map((op) => `the channel was told of ${op}, and there is none`);
}

/** What is guarded on the target itself happens once for an attempt. */
function guardViolations({ effects }: Target): readonly string[] {
  const guarded = effects().filter(
    ({ step, way }) => way === 'undo' || /^(guarded|armed|asks|restores)-/.test(step),
  );
  const named = Map.groupBy(
    guarded,
    ({ op, step, way, attempt }) => `${op} ${way} ${step} ${attempt}`,
  );
  return [...named]
    .filter(([, { length }]) => length > 1)
    .map(([name, { length }]) => `${name} happened ${length} times under one claim`);
}

/** What was undone is as it was before. */
function settingViolations(
  { op, request, undone }: OperationState,
  target: Target,
): readonly string[] {
  return request.plan.steps
    .filter(({ id, uses }) => uses === 'restores' && undone.get(id)?.kind === 'done')
    .filter(({ id }) => target.settingOf(op, id) !== ORIGINAL)
    .map(({ id }) => `${op} has undone ${id}, and it is not as it was`);
}

/** An operation holds what it needs from before its first step until its end. */
function budgetViolations({ op, entries }: Told): readonly string[] {
  let state: OperationState | undefined;
  for (const entry of entries) {
    const before = state;
    state = foldEntry(op, before, entry);
    if (entry.event.kind === 'step-started' && before?.claims.length === 0) {
      return [`${op} started a step without its claims`];
    }
  }
  return [];
}

/** Of a call that was lost, nobody but a probe may say that it is done. */
function doubtViolations({ op, entries }: Told): readonly string[] {
  const found: string[] = [];
  let state: OperationState | undefined;
  for (const entry of entries) {
    const before = state;
    state = foldEntry(op, before, entry);
    const event = knownEvent(entry);
    if (event?.kind !== 'step-ended' || event.result.kind !== 'done') continue;
    if (before?.current?.doubt === undefined || event.way === 'undo') continue;
    const { uses } = stepOf(before, event.step);
    if (TOY_STEPS[uses as ToyKind].probe === undefined) {
      found.push(`${op} says that ${event.step} is done, and nobody can know`);
    }
  }
  return found;
}

/** At no moment more than may be, by the order of the feed. */
function heldTogether(
  all: readonly { readonly op: OpId; readonly entry: Entry }[],
): readonly string[] {
  const states = new Map<OpId, OperationState>();
  const found = new Set<string>();
  for (const { op, entry } of all) {
    const after = foldEntry(op, states.get(op), entry);
    if (after !== undefined) states.set(op, after);
    if (entry.event.kind !== 'claimed') continue;
    const held = [...states.values()]
      .filter(({ phase }) => phase.kind !== 'ended')
      .flatMap((state) => state.claims.map((claim) => ({ op: state.op, claim, since: entry.at })));
    for (const violation of interlockViolations(held, MOST_AWAY)) found.add(violation);
  }
  return [...found];
}

/** Everything that the journal tells was heard, once or more often. */
function unsaid(told: Told, heard: readonly Heard[]): readonly string[] {
  const keys = new Set(heard.map(({ key }) => key));
  const { zone } = stateOf(told).request.plan;
  return toldByJournal({ op: told.op, zone }, told.entries)
    .filter((key) => !keys.has(key))
    .map((key) => `nobody heard of ${key}`);
}

/** One operation, one result, however often it is said. */
function contradictions(
  states: readonly OperationState[],
  heard: readonly Heard[],
  losses: readonly Loss[],
): readonly string[] {
  const said = heard.flatMap(({ lines }) => resultIn(lines) ?? []);
  // What was said of a history that was lost, before everybody was told that it was.
  const excused = Math.max(0, ...losses.map((loss) => loss.heard));
  const saidSince = heard.slice(excused).flatMap(({ lines }) => resultIn(lines) ?? []);
  return states
    .filter(({ phase }) => phase.kind === 'ended')
    .flatMap(({ op }) => {
      const counts = isShortened(op, losses) ? saidSince : said;
      const results = new Set(counts.filter((each) => each.op === op).map(({ result }) => result));
      if (results.size === 1) return [];
      return [`the result of ${op} was said as ${[...results].join(' and ') || 'nothing'}`];
    });
}
