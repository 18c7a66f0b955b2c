import type * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { StepId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { StepContext, StepDef } from '../model/runbook.ts';
import type { Telling } from '../ports/operation-threads.ts';
import type { Ports } from '../ports/ports.ts';
import { planChild } from './children.ts';
import { guardPorts } from './lease-guard.ts';
import type { Tenure } from './tenure.ts';

/** What one call of a step goes by until it is over. */
export interface CallBounds {
  readonly ports: Ports;
  readonly signal: AbortSignal;
}

/**
 * What a step sees of its operation. Everything that acts goes through the lease's check. Of what is on record it gets copies:
 * whoever else reads the journal has the same entries, and a site's own step may do to its memo what it likes.
 */
export function stepContext(
  tenure: Tenure,
  planned: PlannedStep,
  def: StepDef,
  { ports, signal }: CallBounds,
): StepContext<unknown> {
  const { engine, state, ref } = tenure;
  const { facts } = state.request.plan;
  const current = state.current?.step === planned.id ? state.current : undefined;
  return {
    op: ref.op,
    step: planned.id,
    attempt: current?.attempt ?? 1,
    epoch: tenure.epoch,
    requester: state.requester,
    with: def.with.parse(structuredClone(planned.with)),
    facts: structuredClone(facts),
    memo: structuredClone(current?.memo),
    answer: current?.answer,
    intent: structuredClone(state.intents.get(planned.id)),
    children: state.children,
    ports: guardPorts(ports, tenure.check),
    output: (step, as) => outputOf(tenure, step, as),
    intend: (preState) => intend(tenure, planned.id, preState),
    planChild: (runbook, input) => planChild(tenure, runbook, input, { ports, signal }),
    log: (text) => keepLog(tenure, planned.id, text),
    tell: (telling) => tellThread(tenure, planned.id, telling),
    bookmark: (name) => engine.bookmarks.find(ref, name),
    async putBookmark(name, place) {
      tenure.check();
      await engine.bookmarks.put(ref, name, place).catch((problem) => engine.report(problem, ref));
    },
    signal,
    now: engine.now,
    later: (ms) => engine.now() + ms / engine.timing.timeScale,
  };
}

function outputOf<T>({ state }: Tenure, step: string, as: z.ZodType<T>): T {
  const result = state.results.get(step as StepId);
  if (result?.kind === 'done') return as.parse(structuredClone(result.output));
  throw new Failure({
    code: 'step.no-output',
    problem: `what ${step} gave is needed here`,
    because: `it was ${result?.kind ?? 'not run'}`,
    effect: 'none',
    next: `Roll back, or do by hand what ${step} would have done and what needs it.`,
  });
}

async function intend(tenure: Tenure, step: StepId, preState: Json): Promise<Json> {
  tenure.check();
  const recorded = structuredClone(tenure.state.intents.get(step));
  if (recorded !== undefined) return recorded;
  await tenure.record({ kind: 'intended', step, preState });
  return preState;
}

function keepLog({ engine, ref }: Tenure, step: StepId, text: string): void {
  const redacted = engine.redactor.redact(text);
  engine.stepLog.write(ref, step, redacted).catch((problem) => engine.report(problem, ref));
}

function tellThread({ engine, ref }: Tenure, step: StepId, { line, more, ...rest }: Telling): void {
  const { redact } = engine.redactor;
  const telling = { ...rest, line: redact(line), ...(more && { more: more.map(redact) }) };
  engine.threads.tell(ref, step, telling).catch((problem) => engine.report(problem, ref));
}
