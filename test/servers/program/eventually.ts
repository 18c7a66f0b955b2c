import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 5;

/** Waits for a condition and leaves the processor to the others meanwhile. Gives how long that took. */
export async function eventually(
  what: () => boolean | Promise<boolean>,
  withinMs = 60_000,
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
