import type { OpId, PoolName, StepId } from '../../src/domain/ids.ts';
import type { HeldClaim, WaitingOp } from '../../src/jobs/journal/journal.ts';
import type { Way } from '../../src/jobs/model/event.ts';
import { type Entry, knownEvent } from '../../src/jobs/model/event.ts';
import { foldEntries, foldEntry } from '../../src/jobs/model/fold.ts';
import type { Claim } from '../../src/jobs/model/plan.ts';
import type { StepDef } from '../../src/jobs/model/runbook.ts';
import { type OperationState, stepOf } from '../../src/jobs/model/state.ts';
import type { Effect } from './effects.ts';

/** One operation as its journal tells it. */
export interface Told {
  readonly op: OpId;
  readonly entries: readonly Entry[];
}

const folded = new WeakMap<Told, OperationState>();

export function stateOf(told: Told): OperationState {
  const { op, entries } = told;
  const state = folded.get(told) ?? foldEntries(op, entries);
  if (state === undefined) throw new Error(`${op} has no journal`);
  folded.set(told, state);
  return state;
}

/** Claims against the operations they belong to: none outlives its operation, none is missing while it runs. */
export function claimViolations(
  states: readonly OperationState[],
  held: readonly HeldClaim[],
): readonly string[] {
  return states.flatMap((state) => {
    const { op, phase, claims } = state;
    const own = held.filter((claim) => claim.op === op).map(({ claim }) => claim);
    if (phase.kind === 'ended') {
      return own.length > 0 ? [`${op} has ended and still holds ${names(own)}`] : [];
    }
    const missing = without(claims, own);
    const foreign = without(own, claims);
    return [
      ...(missing.length > 0 ? [`${op} runs without ${names(missing)}`] : []),
      ...(foreign.length > 0 ? [`${op} holds ${names(foreign)} that its journal has not`] : []),
    ];
  });
}

/** Who stands in line waits for claims: nobody who ended or runs is in the way of others. */
export function lineViolations(
  states: readonly OperationState[],
  waiting: readonly WaitingOp[],
): readonly string[] {
  const waits = new Set(
    states.flatMap(({ op, phase }) => (phase.kind === 'claims' && phase.because ? [op] : [])),
  );
  const inLine = waiting.map(({ op }) => op);
  return [
    ...inLine.filter((op) => !waits.has(op)).map((op) => `${op} is in line and waits for nothing`),
    ...[...waits].filter((op) => !inLine.includes(op)).map((op) => `${op} waits and has no place`),
  ];
}

/** Together never more of a pool than may be away, and nobody twice behind one lock. */
export function interlockViolations(
  held: readonly HeldClaim[],
  maxUnavailable: ReadonlyMap<PoolName, number>,
): readonly string[] {
  const claims = held.filter(({ op }) => op !== undefined).map(({ claim }) => claim);
  const locks = claims.flatMap((claim) => (claim.kind === 'lock' ? [claim.key] : []));
  const twice = locks.filter((key, index) => locks.indexOf(key) !== index);
  const over = [...maxUnavailable].filter(([pool, most]) => awayOf(pool, claims) > most);
  return [
    ...twice.map((key) => `${key} is locked by two operations`),
    ...over.map(([pool, most]) => `@${pool} has ${awayOf(pool, claims)} away, ${most} may be`),
  ];
}

function awayOf(pool: PoolName, claims: readonly Claim[]): number {
  const hosts = claims.flatMap((claim) =>
    claim.kind === 'budget' && claim.pool === pool ? [claim.host] : [],
  );
  return new Set(hosts).size;
}

/** A step that asks, or can be looked up, acts once, and once more for each time that a person said retry. */
export function effectViolations(
  told: Told,
  effects: readonly Effect[],
  defOf: (uses: string) => StepDef,
): readonly string[] {
  const state = stateOf(told);
  return state.request.plan.steps.flatMap(({ id, uses }) => {
    if (defOf(uses).ifInterrupted !== 'ask') return [];
    const own = effects.filter(
      ({ op, step, way }) => op === told.op && step === id && way === 'run',
    );
    const allowed = 1 + retriesOf(told, id);
    if (own.length <= allowed) return [];
    return [`${told.op} did ${id} ${own.length} times, ${allowed} were asked for`];
  });
}

/** How often a person had it tried again. */
export function retriesOf({ op, entries }: Told, step: StepId): number {
  let state: OperationState | undefined;
  let retries = 0;
  for (const entry of entries) {
    const before = state;
    state = foldEntry(op, before, entry);
    const event = knownEvent(entry);
    if (event?.kind !== 'answered' || entry.by === 'engine') continue;
    if (before?.phase.kind !== 'asking' && before?.phase.kind !== 'held') continue;
    if (before.phase.step === step && state?.phase.kind === 'running') retries += 1;
  }
  return retries;
}

/** What was undone had been done or may have been; where it turned back, nothing that was done is left. */
export function undoViolations(told: Told, effects: readonly Effect[]): readonly string[] {
  const state = stateOf(told);
  const own = effects.filter(({ op }) => op === told.op);
  const stepsOf = (wanted: Way) =>
    new Set(own.filter(({ way }) => way === wanted).map(({ step }) => step));
  const undone = stepsOf('undo');
  const begun = new Set([
    ...stepsOf('run'),
    ...state.results.keys(),
    ...state.intents.keys(),
    ...state.unproven,
  ]);
  const never = [...undone].filter((step) => !begun.has(step));
  const { phase } = state;
  const turnedBack =
    state.way === 'undo' && phase.kind === 'ended' && phase.outcome !== 'abandoned';
  const left = [...stepsOf('run')].filter(
    (step) => stepOf(state, step).undo === 'yes' && !undone.has(step) && !isSkipped(state, step),
  );
  return [
    ...never.map((step) => `${told.op} undid ${step}, which it never ran`),
    ...(turnedBack ? left : []).map((step) => `${told.op} turned back and left ${step} done`),
  ];
}

function isSkipped({ results, undone }: OperationState, step: StepId): boolean {
  return results.get(step)?.kind === 'skipped' || undone.get(step)?.kind === 'skipped';
}

/** An engine that is not the holder any more writes nothing: every word about a step is about the one that is under way. */
export function coherenceViolations({ op, entries }: Told): readonly string[] {
  const violations: string[] = [];
  let state: OperationState | undefined;
  let newest = 0;
  for (const entry of entries) {
    const event = knownEvent(entry);
    const current = state?.current;
    if (event?.kind === 'step-started') {
      if (event.epoch < newest) violations.push(`${op} goes back to epoch ${event.epoch}`);
      newest = Math.max(newest, event.epoch);
    }
    if (event && 'attempt' in event && event.kind !== 'step-started') {
      const own = current?.step === event.step && current.way === event.way;
      if (!own || current.attempt !== event.attempt || current.failure) {
        violations.push(`${op} says ${event.kind} of ${event.step}, which is not under way`);
      }
    }
    state = foldEntry(op, state, entry);
  }
  return violations;
}

/** Numbers without a gap; the chain itself is checked whenever a journal is read. */
export function journalViolations({ op, entries }: Told): readonly string[] {
  const gap = entries.findIndex(({ seq }, index) => seq !== index);
  const ends = entries.filter(({ event }) => event.kind === 'ended').length;
  return [
    ...(gap >= 0 ? [`${op} has no entry ${gap}`] : []),
    ...(ends > 1 ? [`${op} ended ${ends} times`] : []),
  ];
}

function without(claims: readonly Claim[], gone: readonly Claim[]): readonly Claim[] {
  const known = new Set(gone.map((claim) => JSON.stringify(claim)));
  return claims.filter((claim) => !known.has(JSON.stringify(claim)));
}

function names(claims: readonly Claim[]): string {
  return claims.map((claim) => JSON.stringify(claim)).join(', ');
}
