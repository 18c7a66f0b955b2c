import type { PlannedStep } from '../model/plan.ts';
import type { StepDef } from '../model/runbook.ts';
import type { OperationState } from '../model/state.ts';
import { GO_ON, type Next, park } from './next.ts';
import type { Move } from './next-move.ts';
import { barredPrompt } from './prompts.ts';
import { runbookOf } from './runbook-of.ts';
import { ASK_AGAIN_MS } from './start-operation.ts';
import type { Tenure } from './tenure.ts';

type Call = Extract<Move, { kind: 'call' }>;

/**
 * Right before a point of no return the interlocks are asked again. Undefined where it may pass; otherwise it waits, says
 * why, and asks a person when it has waited as long as the step may.
 */
export async function passInterlocks(
  tenure: Tenure,
  planned: PlannedStep,
  def: StepDef,
  call: Call,
): Promise<Next | undefined> {
  const { engine, ref, state, signal } = tenure;
  if (!planned.recheck || !isFirstCall(state, call)) return undefined;
  const answer = await engine.gate.mayGoOn(state, await engine.journal.claims(ref.zone), signal);
  if (answer.kind === 'yes') return undefined;
  const because = answer.because ?? 'something is in its way';
  if (hasWaitedLong(tenure, def)) return ask(tenure, because);
  if (state.barred?.because === because) return park(ASK_AGAIN_MS);
  const isSaid = await tenure.decide([{ kind: 'barred', step: planned.id, because }]);
  return isSaid ? park(ASK_AGAIN_MS) : GO_ON;
}

/** What has waited or was answered in this attempt has passed already. */
function isFirstCall({ current }: OperationState, { step, way, attempt }: Call): boolean {
  if (way === 'undo') return false;
  if (current?.step !== step || current.attempt !== attempt || current.failure) return true;
  return current.waitingSince === undefined && current.answer === undefined;
}

function hasWaitedLong({ engine, state }: Tenure, { waitMs }: StepDef): boolean {
  const { now, timing } = engine;
  return state.barred !== undefined && now() >= state.barred.since + waitMs / timing.timeScale;
}

async function ask(tenure: Tenure, because: string): Promise<Next> {
  const { engine, state } = tenure;
  const { ifUnanswered } = runbookOf(engine, state);
  await tenure.decide([barredPrompt(state, { now: engine.now(), ifUnanswered }, because)]);
  return GO_ON;
}
