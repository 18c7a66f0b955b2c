import type { StepId } from '../../domain/ids.ts';
import type { Json } from '../../domain/json.ts';
import type { Way } from '../model/event.ts';
import { type Demand, digestOf, type PlannedStep } from '../model/plan.ts';
import type { StepDef } from '../model/runbook.ts';
import { type OperationState, stepOf } from '../model/state.ts';
import { momentOf } from './moment.ts';
import { GO_ON, type Next } from './next.ts';
import { runbookOf } from './runbook-of.ts';
import { stepContext } from './step-context.ts';
import type { Tenure } from './tenure.ts';

/** What a step demands at its own moment; undefined once that was given, and where it demands nothing. */
export function ownDemand(
  state: OperationState,
  { step, way }: { readonly step: StepId; readonly way: Way },
): Demand | undefined {
  return way === 'run' && !state.current ? stepOf(state, step).approvals : undefined;
}

/** A step that wants an approval of its own shows its evidence and waits; the approval counts for just that evidence, asked about just then. */
export async function askApproval(
  tenure: Tenure,
  planned: PlannedStep,
  demand: Demand,
  def: StepDef,
): Promise<Next> {
  const { engine, state } = tenure;
  const signal = AbortSignal.any([tenure.signal, AbortSignal.timeout(def.attemptMs)]);
  const evidence = await engine.withPorts(async (ports): Promise<Json> => {
    const context = stepContext(tenure, planned, def, { ports, signal });
    return (await def.evidence?.(context)) ?? null;
  });
  const subject = { step: planned.id, evidence: digestOf({ evidence, asked: momentOf(state) }) };
  const expiresAt = engine.now() + runbookOf(engine, state).ifUnanswered.afterMs;
  await tenure.decide([
    { kind: 'approval-asked', step: planned.id, evidence, subject, demand, expiresAt },
  ]);
  return GO_ON;
}
