import { setImmediate as nextTurn } from 'node:timers/promises';

/** Does one thing; the number is different each time. */
export type Act = (nth: number) => Promise<void>;

const IN_FLIGHT = 16;

/** How often a second it is done when it is done again as soon as it is finished, sixteen at a time. */
export async function mostPerSecond(act: Act, forMs: number): Promise<number> {
  const began = performance.now();
  let started = 0;
  let done = 0;
  async function go(): Promise<void> {
    while (performance.now() < began + forMs) {
      await act(started++);
      done += 1;
      // As lines come in over a socket: what else the process has to do gets its turn.
      await nextTurn();
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, go));
  return done / ((performance.now() - began) / 1_000);
}

/**
 * Milliseconds each took when so many a second are begun, whether or not those before are finished. Counted from when it
 * was to begin, so that what is late makes others late.
 */
export async function atRate(act: Act, perSecond: number, forMs: number): Promise<number[]> {
  const began = performance.now();
  const last = Math.floor((perSecond * forMs) / 1_000);
  const all: Promise<number>[] = [];
  while (all.length < last) {
    const due = Math.min(last, ((performance.now() - began) * perSecond) / 1_000);
    while (all.length < due)
      all.push(timed(act, all.length, began + all.length / (perSecond / 1_000)));
    await nextTurn();
  }
  return Promise.all(all);
}

async function timed(act: Act, nth: number, began: number): Promise<number> {
  await act(nth);
  return performance.now() - began;
}
