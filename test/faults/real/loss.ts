import type { OpId, StepId } from '../../../src/domain/ids.ts';
import { knownEvent } from '../../../src/jobs/model/event.ts';
import { foldEntry } from '../../../src/jobs/model/fold.ts';
import { type OperationState, stepOf } from '../../../src/jobs/model/state.ts';
import type { Effect } from '../effects.ts';
import { retriesOf, stateOf, type Told } from '../invariants.ts';
import { TOY_STEPS, type ToyKind } from './toy-steps.ts';

/** What a store lost when it came back as it had been, and what became of that. */
export interface Loss {
  /** As Redis had it when it was killed, and as it had it when it came back. */
  readonly before: readonly Told[];
  readonly after: readonly Told[];
  /** How much the channel had heard when it was accepted. */
  readonly heard: number;
  /** What the loss should have led to and did not. */
  readonly violations: readonly string[];
}

type Lost = Pick<Loss, 'before' | 'after'>;

/** Operations of which there was less than there had been. */
export function shortened({ before, after }: Lost): readonly Told[] {
  const left = new Map(after.map(({ op, entries }) => [op, entries.length]));
  return before.filter(({ op, entries }) => entries.length > (left.get(op) ?? 0));
}

/** Of these there is nothing any more. */
export function vanished({ before, after }: Lost): ReadonlySet<OpId> {
  const left = new Set(after.map(({ op }) => op));
  return new Set(before.map(({ op }) => op).filter((op) => !left.has(op)));
}

export function isShortened(op: string, losses: readonly Loss[]): boolean {
  return losses.some((loss) => shortened(loss).some((told) => told.op === op));
}

/** Of an operation that went on from what was left: no step began before a person had said so. */
export function goneOnViolations(
  told: Told,
  effects: readonly Effect[],
  losses: readonly Loss[],
): readonly string[] {
  return losses.flatMap((loss) => {
    const before = loss.before.find(({ op }) => op === told.op);
    const left = loss.after.find(({ op }) => op === told.op)?.entries.length ?? 0;
    const since = told.entries.slice(left);
    return [...unasked(told, left), ...tooOften(told, since, before, effects)];
  });
}

/** In the history that was lost no step acted more often than in any other. */
export function vanishedViolations(loss: Loss, effects: readonly Effect[]): readonly string[] {
  const gone = vanished(loss);
  return loss.before
    .filter(({ op }) => gone.has(op))
    .flatMap((told) => tooOften(told, [], told, effects));
}

/** What ran in the history that was lost is begun again by persons alone; what undoes it was approved with it. */
function unasked(told: Told, left: number): readonly string[] {
  let state: OperationState | undefined;
  let isAnswered = false;
  for (const entry of told.entries) {
    state = foldEntry(told.op, state, entry);
    if (entry.seq < left) continue;
    const event = knownEvent(entry);
    if (entry.by !== 'engine' && event?.kind !== 'requested') isAnswered = true;
    const acts = event?.kind === 'intended' || event?.kind === 'waiting';
    // What a probe finds done is no step that was begun again, and what ends otherwise asks somebody.
    const isDone = event?.kind === 'step-ended' && event.result.kind === 'done';
    const ends = isDone && event.way === 'run' && !hasProbe(state, event.step);
    if ((acts || ends) && !isAnswered) {
      return [`${told.op} went on with ${event.step} and asked nobody, though its store went back`];
    }
  }
  return [];
}

function hasProbe(state: OperationState | undefined, step: StepId): boolean {
  const uses = state && stepOf(state, step).uses;
  return TOY_STEPS[uses as ToyKind]?.probe !== undefined;
}

/** Once in what was lost, once in what came of it, and for each time that somebody said retry in either. */
function tooOften(
  told: Told,
  since: Told['entries'],
  before: Told | undefined,
  effects: readonly Effect[],
): readonly string[] {
  return stateOf(told).request.plan.steps.flatMap(({ id, uses }) => {
    if (TOY_STEPS[uses as ToyKind].ifInterrupted !== 'ask') return [];
    const own = effects.filter(
      ({ op, step, way }) => op === told.op && step === id && way === 'run',
    );
    const lostTimes = before === undefined ? 0 : timesOf(before, before.entries, id);
    const allowed = lostTimes + (since.length > 0 ? timesOf(told, since, id) : 0);
    if (own.length <= allowed) return [];
    return [
      `${told.op} did ${id} ${own.length} times, ${allowed} were asked for, in two histories`,
    ];
  });
}

/** How often it may have acted, where it began among these entries. */
function timesOf(told: Told, entries: Told['entries'], step: StepId): number {
  const began = entries.some(({ event }) => {
    const { kind, step: of, way } = event as { kind: string; step?: string; way?: string };
    return kind === 'step-started' && of === step && way === 'run';
  });
  return (began ? 1 : 0) + retriesOf(told, step);
}
