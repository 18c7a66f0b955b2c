import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 5;
/** Ends what hangs, also on a machine that is several times slower than usual; less than a test may take, so that it says what did not come. */
export const PATIENCE_MS = 120_000;

/** Waits for a condition and leaves the processor to the others meanwhile. Gives how long that took. */
export async function eventually(
  what: () => boolean | Promise<boolean>,
  withinMs = PATIENCE_MS,
  explain: () => string = () => String(what),
): Promise<number> {
  const begun = performance.now();
  while (!(await what())) {
    if (performance.now() - begun > withinMs) {
      throw new Error(`not within ${withinMs} ms: ${explain()}`);
    }
    await delay(LOOK_EVERY_MS);
  }
  return performance.now() - begun;
}
