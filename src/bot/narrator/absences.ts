import { type Sleep, sleep } from '../feed/sleep.ts';

/** When a network was away. Its return is told in one line; what that line stands for is not told again. */
export interface Absences {
  /** Milliseconds since 1970, by the store's clock. */
  note(from: number, until: number): void;
  covers(at: number): boolean;
  /** Whoever waits to post something tries again now. */
  tryAgain(): void;
  readonly sleep: Sleep;
}

const KEPT = 20;

export function createAbsences(): Absences {
  const known: { readonly from: number; readonly until: number }[] = [];
  let waking = new AbortController();
  return {
    note(from, until) {
      known.push({ from, until });
      if (known.length > KEPT) known.shift();
    },
    covers: (at) => known.some(({ from, until }) => from <= at && at < until),
    tryAgain() {
      const asleep = waking;
      waking = new AbortController();
      asleep.abort();
    },
    sleep: (ms, signal) => sleep(ms, AbortSignal.any([signal, waking.signal])),
  };
}
