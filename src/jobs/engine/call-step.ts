import { Failure } from '../../domain/failure.ts';
import type { Json } from '../../domain/json.ts';
import type { EventOf, JournalEvent, Result, Way } from '../model/event.ts';
import { foldEntry } from '../model/fold.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Outcome, StepContext, StepDef } from '../model/runbook.ts';
import { type Current, type OperationState, stepOf } from '../model/state.ts';
import { askApproval, ownDemand } from './ask-approval.ts';
import { requestChildren } from './children.ts';
import { LeaseLost } from './lease-guard.ts';
import { GO_ON, type Next, park } from './next.ts';
import type { Move } from './next-move.ts';
import { nextMove } from './next-move.ts';
import { passInterlocks } from './pass-interlocks.ts';
import { stepPrompt } from './prompts.ts';
import { currentOf, overdue, readThrown } from './results.ts';
import { runbookOf, stepDefOf } from './runbook-of.ts';
import { stepContext } from './step-context.ts';
import type { Tenure } from './tenure.ts';
import { wayBack } from './way-back.ts';

type Call = Extract<Move, { kind: 'call' }>;

/** The longest that a poll backs off to. */
const SLOWEST_POLL_MS = 60_000;

/** Calls a step once, and records what came of it. */
export async function callStep(tenure: Tenure, call: Call): Promise<Next> {
  const planned = stepOf(tenure.state, call.step);
  const def = stepDefOf(tenure.engine, tenure.state, planned.uses);
  const demand = ownDemand(tenure.state, call);
  if (demand) return askApproval(tenure, planned, demand, def);
  const barred = await passInterlocks(tenure, planned, def, call);
  if (barred) return barred;
  if (!(await isStarted(tenure, call))) return GO_ON;
  const trying = () => tryCall(tenure, planned, def, call.way);
  const { watch } = tenure.engine;
  const called = await (watch ? watch.during({ ...tenure.ref, ...call }, trying) : trying());
  // What fails from here on is the record, not the step.
  if ('problem' in called) return recordThrown(tenure, def, called.problem);
  return take(called.outcome, tenure, def);
}

type Called = { readonly outcome: Outcome<Json> } | { readonly problem: unknown };

async function tryCall(
  tenure: Tenure,
  planned: PlannedStep,
  def: StepDef,
  way: Way,
): Promise<Called> {
  try {
    const outcome = await withinTime(tenure, def, (signal) =>
      tenure.engine.withPorts(async (ports) => {
        if (way === 'run') await passGate(tenure, planned, signal);
        const context = stepContext(tenure, planned, def, { ports, signal });
        return invoke(def, context, tenure.state, way);
      }),
    );
    return { outcome: way === 'run' ? withOutput(outcome, def) : outcome };
  } catch (problem) {
    return { problem };
  }
}

/** What the steps after it will read has to be what it says it gives. */
function withOutput(outcome: Outcome<Json>, { output }: StepDef): Outcome<Json> {
  if (outcome.kind !== 'done') return outcome;
  return { kind: 'done', output: output.parse(outcome.output) as Json };
}

/** False when the state moved before the start was on record. */
async function isStarted(tenure: Tenure, { step, way, attempt }: Call): Promise<boolean> {
  const { current, barred } = tenure.state;
  const started = current?.step === step && current.way === way && current.attempt === attempt;
  if (started && current.begun && !current.failure && !barred) return true;
  return tenure.decide([{ kind: 'step-started', step, way, attempt, epoch: tenure.epoch }]);
}

/** Right before a point of no return, rights, approvals and the plan are asked about again. */
async function passGate(
  { engine, state }: Tenure,
  planned: PlannedStep,
  signal: AbortSignal,
): Promise<void> {
  const firstCall = state.current?.waitingSince === undefined && !state.current?.answer;
  if (!planned.recheck || !firstCall) return;
  for (const ask of [engine.gate.mayProceed, engine.gate.planHolds]) {
    const answer = await ask(state, signal);
    if (answer.kind === 'yes') continue;
    throw new Failure({
      code: answer.kind === 'unavailable' ? 'gate.unavailable' : 'gate.refused',
      problem: `not allowed to go on with ${planned.title}`,
      because: answer.because ?? 'an approval is missing',
      effect: 'none',
      next: 'Nothing was done by this step. Retry once that is settled, or roll back.',
    });
  }
}

async function invoke(
  def: StepDef,
  context: StepContext<unknown>,
  { results }: OperationState,
  way: Way,
): Promise<Outcome<Json>> {
  if (way === 'run') return def.run(context);
  if (def.undo === undefined) throw new Error(`${context.step} says it can be undone and cannot`);
  const result = results.get(context.step);
  return def.undo(context, result?.kind === 'done' ? result.output : undefined);
}

/** A call that takes longer than its definition allows is cut off, and nobody knows what it did. */
async function withinTime<T>(
  { signal: lost }: Tenure,
  { attemptMs }: StepDef,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const signal = AbortSignal.any([lost, late.signal]);
  const { promise: cutOff, reject } = Promise.withResolvers<never>();
  const stop = () => reject(lost.aborted ? lost.reason : tooLong(attemptMs));
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => late.abort(), attemptMs);
  try {
    return await Promise.race([work(signal), cutOff]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function tooLong(attemptMs: number): Failure {
  return new Failure({
    code: 'step.timeout',
    problem: 'it was cut off',
    because: `it took longer than ${attemptMs / 1000} s`,
    effect: 'unknown',
    next: 'Look at what it did before any retry.',
  });
}

async function take(outcome: Outcome<Json>, tenure: Tenure, def: StepDef): Promise<Next> {
  const { step, way, attempt } = currentOf(tenure.state);
  switch (outcome.kind) {
    case 'done': {
      const result = { kind: 'done', output: outcome.output } as const;
      return recordResult(tenure, { kind: 'step-ended', step, way, attempt, result });
    }
    case 'wait':
      return wait(tenure, def, outcome);
    case 'ask': {
      const { engine, state } = tenure;
      const { ifUnanswered } = runbookOf(engine, state);
      const event = stepPrompt(state, { now: engine.now(), ifUnanswered }, outcome.prompt);
      await tenure.decide([{ ...event, memo: outcome.memo }]);
      return GO_ON;
    }
    case 'spawn': {
      await requestChildren(tenure, step, outcome.children);
      const wake = { on: 'child', atMostMs: def.waitMs } as const;
      const note = `waiting for ${outcome.children.length} operations`;
      return wait(tenure, def, { kind: 'wait', wake, memo: outcome.memo, note });
    }
    case 'turn-back':
      return turnBack(tenure, outcome.failure);
    default:
      return outcome satisfies never;
  }
}

async function turnBack(tenure: Tenure, failure: Failure): Promise<Next> {
  const { step, way, attempt } = currentOf(tenure.state);
  const { code, text, next } = readThrown(failure, tenure.engine.redactor);
  const result: Result = { kind: 'failed', code, text, next };
  const ended = { kind: 'step-ended', step, way, attempt, result } as const;
  await tenure.record(ended, ...wayBack(tenure.state, way, text));
  return GO_ON;
}

/** The end of a step and the start of the next go on record together when nothing has to be asked in between. */
async function recordResult(tenure: Tenure, ended: EventOf<'step-ended'>): Promise<Next> {
  await tenure.record(ended, ...startOfNext(tenure, ended));
  return GO_ON;
}

function startOfNext(tenure: Tenure, ended: EventOf<'step-ended'>): readonly JournalEvent[] {
  const { engine, state, ref, epoch } = tenure;
  const preview = {
    v: 1,
    seq: state.seq,
    at: engine.now(),
    by: 'engine',
    prev: '',
    event: ended,
  } as const;
  const after = foldEntry(ref.op, state, preview);
  if (after === undefined) return [];
  const def = (uses: string) => stepDefOf(engine, state, uses);
  const { timeScale } = engine.timing;
  const move = nextMove(after, { now: engine.now(), interrupted: false, def, timeScale });
  if (move.kind !== 'call') return [];
  const { approvals, recheck } = stepOf(after, move.step);
  if (approvals || recheck) return [];
  const { step, way, attempt } = move;
  return [{ kind: 'step-started', step, way, attempt, epoch }];
}

/** A wait is given up by what was seen after its time: whoever comes late looks once more. */
async function wait(
  tenure: Tenure,
  def: StepDef,
  { wake, memo, note }: Extract<Outcome<Json>, { kind: 'wait' }>,
): Promise<Next> {
  const current = currentOf(tenure.state);
  const { step, way } = current;
  if (isOverdue(tenure, current, def)) {
    await tenure.record(overdue(tenure.state, note));
    return GO_ON;
  }
  const said = current.note === note && sameJson(current.memo, memo) && !current.answer;
  if (!said) await tenure.record({ kind: 'waiting', step, way, wake, memo, note });
  return park(pollIn(tenure, wake));
}

function isOverdue({ engine }: Tenure, { waitingSince }: Current, { waitMs }: StepDef): boolean {
  const { now, timing } = engine;
  return waitingSince !== undefined && now() >= waitingSince + waitMs / timing.timeScale;
}

/** Polls back off: a tenth of what was waited already, at most a minute. */
function pollIn({ engine, state }: Tenure, wake: EventOf<'waiting'>['wake']): number {
  const { timeScale } = engine.timing;
  if ('on' in wake) return wake.atMostMs / timeScale;
  const since = state.current?.waitingSince ?? engine.now();
  const waited = (engine.now() - since) * timeScale;
  const nominal = Math.max(wake.afterMs, Math.min(waited / 10, SLOWEST_POLL_MS));
  return nominal / timeScale;
}

function sameJson(a: Json | undefined, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Without effect it failed; otherwise nobody knows, and it is probed before anything goes on. What may be armed goes
 * the same way, because there it is disarmed.
 */
async function recordThrown(tenure: Tenure, def: StepDef, problem: unknown): Promise<Next> {
  if (problem instanceof LeaseLost || tenure.signal.aborted) throw problem;
  const { engine, ref, state } = tenure;
  const { effect, code, text, next } = readThrown(problem, engine.redactor);
  if (code === 'step.bug') engine.report(problem, ref);
  const { step, way, attempt } = currentOf(state);
  if (effect === 'unknown' || (def.disarm && way === 'run')) {
    await tenure.record({ kind: 'interrupted', step, way, attempt, because: text, code, next });
    return GO_ON;
  }
  const result: Result = { kind: 'failed', code, text, next };
  await tenure.record({ kind: 'step-ended', step, way, attempt, result });
  return GO_ON;
}
