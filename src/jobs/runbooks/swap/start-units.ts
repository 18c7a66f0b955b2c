import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { backOr } from './back-or.ts';
import { Stopped } from './stop-units.ts';
import { type SwapContext, SwapTarget, serviceNow } from './target.ts';
import { changeUnit, setAllAtBoot, setAtBoot, unitState } from './unit-calls.ts';

/** Promotes: starts on the new member what was proved to run nowhere. From here on something may be written there. */
export const startUnits = defineStep({
  with: SwapTarget,
  output: z.null(),
  async run(context): Promise<Outcome<null>> {
    // Without its output there is no proof, and this fails.
    const { enabled } = context.output('stop-units', Stopped);
    await context.intend({ promoting: true });
    try {
      return await startAll(context, enabled);
    } catch (problem) {
      return backOr(context, problem, { promoted: true });
    }
  },
  async undo(context) {
    const { to } = context.with;
    for (const unit of serviceNow(context).units.one) {
      const set = await setAtBoot(context, to.host, unit, false);
      if (set === undefined) return wait(`disabling ${unit} on ${to.host}`);
      if ((await unitState(context, to.host, unit)) === 'stopped') continue;
      const stopped = await changeUnit(context, to.host, 'stop', unit);
      if (stopped === undefined) return wait(`stopping ${unit} on ${to.host}`);
      await refuse(context, unit, 'running');
    }
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  retry: { tries: 1, backoffMs: 0 },
  waitMs: 15 * 60_000,
  typicalMs: 5_000,
});

async function startAll(context: SwapContext, enabled: readonly string[]): Promise<Outcome<null>> {
  const { to } = context.with;
  for (const unit of serviceNow(context).units.one) {
    const started = await changeUnit(context, to.host, 'start', unit);
    if (started === undefined) return wait(`starting ${unit} on ${to.host}`);
    await refuse(context, unit, 'stopped');
  }
  const enabling = await setAllAtBoot(context, to.host, enabled, true);
  if (enabling !== undefined) return wait(enabling);
  return { kind: 'done', output: null };
}

/** What was done has to be seen, too. */
async function refuse(context: SwapContext, unit: string, state: 'running' | 'stopped') {
  const { host } = context.with.to;
  if ((await unitState(context, host, unit)) !== state) return;
  throw new Failure({
    code: state === 'stopped' ? 'swap.unit-not-started' : 'swap.unit-not-stopped',
    problem: `${unit} is ${state} on ${host}`,
    because: `systemctl ${state === 'stopped' ? 'start' : 'stop'} said that it was done`,
    effect: 'none',
    next: `Look at ${unit} on ${host}, then retry.`,
  });
}

function wait(note: string): Outcome<never> {
  return { kind: 'wait', wake: { afterMs: 500 }, memo: null, note };
}
