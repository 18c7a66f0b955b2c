import type { Ended } from '../model/event.ts';
import type { StepDef } from '../model/runbook.ts';
import { stepOf } from '../model/state.ts';
import { endOperation } from './end-operation.ts';
import { LOOK_EVERY_MS, mayLookAgain, tryToDisarm } from './look-at-step.ts';
import { GO_ON, type Next, park } from './next.ts';
import { type InDoubt, isInDoubt, settlesInMs } from './next-move.ts';
import { otherVersionPrompt } from './prompts.ts';
import type { Tenure } from './tenure.ts';

/** During a deploy old and new workers run side by side: the others get this long to take it. */
const GRACE_MS = 60_000;
const OFFER_EVERY_MS = 1_000;
const DAY_MS = 24 * 60 * 60_000;

/** Whether this worker has the version that the plan was made with. What only has to end needs none. */
export function hasVersion({ engine, state }: Tenure): boolean {
  const { name, version } = state.request.plan.runbook;
  return state.phase.kind === 'finished' || engine.runbooks.get(name)?.version === version;
}

/**
 * No worker may run another version than the approved one: what has not begun is asked for anew, what has is held. Nothing
 * waits armed for that: what the other version may have armed is taken back with what this one has for it.
 */
export async function otherVersion(tenure: Tenure): Promise<Next> {
  const { engine, state } = tenure;
  const { phase } = state;
  if (phase.kind === 'ended') return park(null);
  if (state.cancel) return end(tenure, state.claims.length > 0 ? 'abandoned' : 'cancelled');
  if (phase.kind === 'held') return park(null);
  if (engine.now() < state.lastAt + GRACE_MS / engine.timing.timeScale) return park(OFFER_EVERY_MS);
  if (phase.kind === 'approval' || phase.kind === 'claims') return end(tenure, 'refused');
  if (phase.kind === 'asking') return park(DAY_MS);
  return disarmed(tenure, async (left) => {
    const question = `${because(tenure)}${left}`;
    await tenure.decide([otherVersionPrompt(state, engine.now() + DAY_MS, question)]);
    return GO_ON;
  });
}

function end(tenure: Tenure, outcome: Ended): Promise<Next> {
  return disarmed(tenure, (left) => endOperation(tenure, outcome, `${because(tenure)}${left}`));
}

/** Goes on with what has to be said of it: that something may still be armed, or nothing. */
async function disarmed(tenure: Tenure, then: (left: string) => Promise<Next>): Promise<Next> {
  const { engine, state } = tenure;
  const { current } = state;
  if (!isInDoubt(current)) return then('');
  const def = defHere(tenure, current);
  if (def?.disarm === undefined) return then('');
  const { timeScale } = engine.timing;
  const dueInMs = settlesInMs(current.doubt, def, { now: engine.now(), timeScale });
  if (dueInMs > 0) return park(dueInMs);
  const left = await tryToDisarm(tenure, current, def);
  if (left === undefined) return then('');
  if (mayLookAgain(tenure, current)) return park(LOOK_EVERY_MS / timeScale);
  return then(`; it may still be armed: ${left}`);
}

/** The step as this worker has it; undefined where it has none of that name. */
function defHere({ engine, state }: Tenure, { step }: InDoubt): StepDef | undefined {
  const { uses } = stepOf(state, step);
  return engine.runbooks.get(state.request.plan.runbook.name)?.steps[uses];
}

function because({ engine, state }: Tenure): string {
  const { name, version } = state.request.plan.runbook;
  const here = engine.runbooks.get(name)?.version;
  const now =
    here === undefined ? `no worker has ${name} any more` : `${name} is version ${here} now`;
  return `${now}, this plan was made with version ${version}: ask for it anew`;
}
