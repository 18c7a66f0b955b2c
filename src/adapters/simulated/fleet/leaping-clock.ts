import type { LabClock } from './lab-clock.ts';

export interface LeapingClock extends LabClock {
  advance(ms: number): void;
}

/** For tests and rehearsals: it stands still until it is moved, and who waits for time to pass moves it. */
export function leapingClock(startAt = Date.UTC(2026, 10, 21, 12)): LeapingClock {
  let now = startAt;
  const advance = (ms: number) => {
    now += ms;
  };
  return {
    now: () => now,
    wall: (labMs) => labMs,
    pass: async (labMs) => advance(labMs),
    advance,
  };
}
