import type { Ended } from '../model/event.ts';
import { endOperation } from './end-operation.ts';
import { GO_ON, type Next, park } from './next.ts';
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

/** No worker may run another version than the approved one: what has not begun is asked for anew, what has is held. */
export async function otherVersion(tenure: Tenure): Promise<Next> {
  const { engine, state } = tenure;
  const { phase } = state;
  if (phase.kind === 'ended') return park(null);
  if (state.cancel) return end(tenure, state.claims.length > 0 ? 'abandoned' : 'cancelled');
  if (phase.kind === 'held') return park(null);
  if (engine.now() < state.lastAt + GRACE_MS / engine.timing.timeScale) return park(OFFER_EVERY_MS);
  if (phase.kind === 'approval' || phase.kind === 'claims') return end(tenure, 'refused');
  if (phase.kind === 'asking') return park(DAY_MS);
  await tenure.decide([otherVersionPrompt(state, engine.now() + DAY_MS, because(tenure))]);
  return GO_ON;
}

function end(tenure: Tenure, outcome: Ended): Promise<Next> {
  return endOperation(tenure, outcome, because(tenure));
}

function because({ engine, state }: Tenure): string {
  const { name, version } = state.request.plan.runbook;
  const here = engine.runbooks.get(name)?.version;
  const now =
    here === undefined ? `no worker has ${name} any more` : `${name} is version ${here} now`;
  return `${now}, this plan was made with version ${version}: ask for it anew`;
}
