import { Failure } from '../../domain/failure.ts';
import type { StepId } from '../../domain/ids.ts';
import { LeaseLost } from '../../jobs/engine/lease-guard.ts';
import type { Runbook, StepContext, StepDef } from '../../jobs/model/runbook.ts';

type Run = StepDef['run'];

/** The same runbook, but that this step fails each time before it does anything. */
export function failingAt(runbook: Runbook, step: StepId): Runbook {
  return withRun(runbook, step, async ({ step: id }) => {
    throw new Failure({
      code: 'rehearsal.failed',
      problem: `${id} fails`,
      because: 'the rehearsal wants it so',
      effect: 'none',
      next: 'Whatever is chosen now, nothing real is touched.',
    });
  });
}

export interface Dying {
  readonly runbook: Runbook;
  /** Settles when the worker is gone: the step acted, and nobody noted it. */
  readonly died: Promise<void>;
  /** The worker that is gone learns that it is. */
  bury(): void;
}

/** The same runbook, but that the worker is lost at the end of this step's first call. */
export function dyingAt(runbook: Runbook, step: StepId): Dying {
  const died = Promise.withResolvers<void>();
  const buried = Promise.withResolvers<void>();
  const mortal = withRun(runbook, step, async (context, run) => {
    await run(context);
    died.resolve();
    await buried.promise;
    throw new LeaseLost(context.op);
  });
  return { runbook: mortal, died: died.promise, bury: buried.resolve };
}

function withRun(
  runbook: Runbook,
  step: StepId,
  // biome-ignore lint/suspicious/noExplicitAny: a runbook holds steps of different types
  instead: (context: StepContext<any>, run: Run) => ReturnType<Run>,
): Runbook {
  const steps = Object.entries(runbook.steps).map(([uses, def]) => {
    const run: Run = (context) =>
      context.step === step ? instead(context, def.run) : def.run(context);
    return [uses, { ...def, run }] as const;
  });
  return { ...runbook, steps: Object.fromEntries(steps) };
}
