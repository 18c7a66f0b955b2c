import type { Outcome, StepContext } from '../../model/runbook.ts';

/** How long to wait for a moment of the store's clock, in the time that waits are counted in, which the lab scales. */
export function nominalMs({ now, later }: Pick<StepContext<unknown>, 'now' | 'later'>, at: number) {
  const oneSecond = Math.max(later(1_000) - now(), 0.001);
  return Math.max(0, ((at - now()) / oneSecond) * 1_000);
}

/** Holds no worker until then. */
export function waitUntil(
  context: Pick<StepContext<unknown>, 'now' | 'later'>,
  at: number,
  note: string,
): Outcome<never> {
  return { kind: 'wait', wake: { afterMs: nominalMs(context, at) }, memo: null, note };
}
