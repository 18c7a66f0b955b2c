import { Failure } from '../../domain/failure.ts';
import type { Json } from '../../domain/json.ts';
import type { EventOf, Result, Way } from '../model/event.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Outcome, StepContext, StepDef } from '../model/runbook.ts';
import { type OperationState, stepOf } from '../model/state.ts';
import { askApproval, ownDemand } from './ask-approval.ts';
import { requestChildren } from './children.ts';
import { GO_ON, type Next } from './next.ts';
import type { Move } from './next-move.ts';
import { passInterlocks } from './pass-interlocks.ts';
import { stepPrompt } from './prompts.ts';
import { currentOf, readThrown } from './results.ts';
import { runbookOf, stepDefOf } from './runbook-of.ts';
import { startOfNext } from './start-of-next.ts';
import { stepContext } from './step-context.ts';
import type { Tenure } from './tenure.ts';
import { waitOn } from './wait-on.ts';
import { wayBack } from './way-back.ts';
import { withinTime } from './within-time.ts';

type Call = Extract<Move, { kind: 'call' }>;

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
  return def.undo(context, result?.kind === 'done' ? structuredClone(result.output) : undefined);
}

async function take(outcome: Outcome<Json>, tenure: Tenure, def: StepDef): Promise<Next> {
  const { step, way, attempt } = currentOf(tenure.state);
  switch (outcome.kind) {
    case 'done': {
      const result = { kind: 'done', output: outcome.output } as const;
      return recordResult(tenure, { kind: 'step-ended', step, way, attempt, result });
    }
    case 'wait':
      return waitOn(tenure, def, outcome);
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
      return waitOn(tenure, def, { kind: 'wait', wake, memo: outcome.memo, note });
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

/**
 * Without effect it failed; otherwise nobody knows, and it is probed before anything goes on. What may be armed goes
 * the same way, because there it is disarmed.
 */
async function recordThrown(tenure: Tenure, def: StepDef, problem: unknown): Promise<Next> {
  tenure.throwIfLost(problem);
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
