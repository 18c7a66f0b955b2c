import type { StepId } from '../../domain/ids.ts';
import type { StepContext, StepDef } from '../model/runbook.ts';
import { type Current, stepOf } from '../model/state.ts';
import { readThrown } from './results.ts';
import { stepContext } from './step-context.ts';
import type { Tenure } from './tenure.ts';

/** Whoever has to be asked may be away for a moment. It is asked again for so long, then a person is. */
const LOOK_FOR_MS = 10 * 60_000;
export const LOOK_EVERY_MS = 10_000;

export function mayLookAgain({ engine }: Tenure, { doubt }: Current): boolean {
  const { now, timing } = engine;
  return doubt === undefined || now() < doubt.since + LOOK_FOR_MS / timing.timeScale;
}

/** Looks at what a call came to, or takes back what it armed, with what the call itself would have. */
export function looking<T>(
  tenure: Tenure,
  step: StepId,
  def: StepDef,
  look: (context: StepContext<unknown>) => Promise<T>,
): Promise<T> {
  const planned = stepOf(tenure.state, step);
  const signal = AbortSignal.any([tenure.signal, AbortSignal.timeout(def.attemptMs)]);
  return tenure.engine.withPorts((ports) =>
    look(stepContext(tenure, planned, def, { ports, signal })),
  );
}

export async function disarm(tenure: Tenure, { step, way }: Current, def: StepDef): Promise<void> {
  if (way === 'run' && def.disarm) await looking(tenure, step, def, def.disarm);
}

/** Whatever it did, it must not wait armed for a person. Says why where that cannot be made sure. */
export async function tryToDisarm(
  tenure: Tenure,
  current: Current,
  def: StepDef,
): Promise<string | undefined> {
  try {
    await disarm(tenure, current, def);
    return undefined;
  } catch (problem) {
    tenure.throwIfLost(problem);
    return readThrown(problem, tenure.engine.redactor).text;
  }
}
