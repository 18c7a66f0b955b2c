import type { Json } from '../../domain/json.ts';
import type { EventOf, JournalEvent, Result } from '../model/event.ts';
import type { Probed, StepDef } from '../model/runbook.ts';
import { type Current, stepOf } from '../model/state.ts';
import { disarm, LOOK_EVERY_MS, looking, mayLookAgain, tryToDisarm } from './look-at-step.ts';
import { GO_ON, type Next, park } from './next.ts';
import { interruptedTooOften } from './next-move.ts';
import { currentOf, readThrown } from './results.ts';
import { stepDefOf } from './runbook-of.ts';
import type { Tenure } from './tenure.ts';
import { wayBack } from './way-back.ts';

/** Finds out whether a call whose end nobody saw took effect. Nothing else goes on before that is known. */
export async function probeStep(tenure: Tenure): Promise<Next> {
  const current = currentOf(tenure.state);
  const planned = stepOf(tenure.state, current.step);
  const def = stepDefOf(tenure.engine, tenure.state, planned.uses);
  const looked = await look(tenure, current, def);
  if ('problem' in looked) return askAgain(tenure, current, def, looked.problem);
  // What fails from here on is the record, not the look.
  const event = verdict(tenure, current, def, looked.probed);
  await tenure.record(event, ...backAfter(tenure, event, looked.probed));
  return GO_ON;
}

function backAfter(
  { state }: Tenure,
  event: ReturnType<typeof verdict>,
  probed: Probed<Json>,
): readonly JournalEvent[] {
  if (probed.kind !== 'not-done' || probed.turnBack !== true) return [];
  if (event.kind !== 'step-ended' || event.result.kind !== 'failed') return [];
  return wayBack(state, event.way, event.result.text);
}

type Looked = { readonly probed: Probed<Json> } | { readonly problem: unknown };

async function look(tenure: Tenure, current: Current, def: StepDef): Promise<Looked> {
  try {
    const probed = await probe(tenure, current, def);
    if (probed.kind !== 'done') await disarm(tenure, current, def);
    return { probed };
  } catch (problem) {
    return { problem };
  }
}

async function probe(tenure: Tenure, { step, way }: Current, def: StepDef): Promise<Probed<Json>> {
  const { probe: ask } = def;
  if (way === 'undo' || ask === undefined) {
    return { kind: 'unknown', because: 'it cannot be looked up whether it took effect' };
  }
  const probed = await looking(tenure, step, def, ask);
  if (probed.kind !== 'done') return probed;
  return { kind: 'done', output: def.output.parse(probed.output) as Json };
}

function verdict(
  tenure: Tenure,
  current: Current,
  def: StepDef,
  probed: Probed<Json>,
): EventOf<'step-ended'> | EventOf<'step-started'> {
  if (probed.kind === 'done') {
    return ended(current, probed);
  }
  const again = probed.kind === 'not-done' || def.ifInterrupted === 'run-again';
  if (again && current.doubt?.failure === undefined && !interruptedTooOften(current)) {
    const { step, way, attempt } = current;
    const unproven = probed.kind === 'unknown' && way === 'run' ? { unproven: true as const } : {};
    return { kind: 'step-started', step, way, attempt, epoch: tenure.epoch, ...unproven };
  }
  return ended(current, failure(current, probed));
}

/** A call that failed without an answer counts as an attempt; one that lost its worker does not. */
function failure({ doubt }: Current, probed: Exclude<Probed<Json>, { kind: 'done' }>): Result {
  const text = doubt?.because ?? 'nobody knows how it ended';
  const { code = 'step.interrupted', next = 'Look at its target, then decide.' } =
    doubt?.failure ?? {};
  if (probed.kind === 'not-done') return { kind: 'failed', code, text, next };
  return { kind: 'unknown', code, text: `${text}; ${probed.because}`, next };
}

function ended({ step, way, attempt }: Current, result: Result): EventOf<'step-ended'> {
  return { kind: 'step-ended', step, way, attempt, result };
}

async function askAgain(
  tenure: Tenure,
  current: Current,
  def: StepDef,
  problem: unknown,
): Promise<Next> {
  tenure.throwIfLost(problem);
  const { redactor, timing } = tenure.engine;
  if (mayLookAgain(tenure, current)) return park(LOOK_EVERY_MS / timing.timeScale);
  const { text } = readThrown(problem, redactor);
  const left = await tryToDisarm(tenure, current, def);
  const because = left === undefined ? text : `${text}; it may still be armed: ${left}`;
  await tenure.record(verdict(tenure, current, def, { kind: 'unknown', because }));
  return GO_ON;
}
