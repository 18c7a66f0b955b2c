import type { StepContext } from '../../model/runbook.ts';

/** How long to wait for a moment of the store's clock, in the time that waits are counted in, which the lab scales. */
export function nominalMs({ now, later }: Pick<StepContext<unknown>, 'now' | 'later'>, at: number) {
  const oneSecond = Math.max(later(1_000) - now(), 0.001);
  return Math.max(0, ((at - now()) / oneSecond) * 1_000);
}
