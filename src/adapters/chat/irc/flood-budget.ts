export interface Pace {
  /** Lines that may be sent at once after a silence. */
  readonly burst: number;
  /** Milliseconds for one more. */
  readonly everyMs: number;
}

/** How much may be sent without the server taking it for a flood. Times are of any clock that only goes forwards. */
export interface FloodBudget {
  /** Takes one line; false when there is none left. */
  take(now: number): boolean;
  /** What is sent in any case counts, too, and the next line waits for it. */
  spend(now: number): void;
  /** What passed since the last look makes no line. */
  skip(now: number): void;
  /** Milliseconds until there is a line. */
  wait(now: number): number;
}

/** To log in cost the server's patience already, so it begins with one line. */
export function floodBudget({ burst, everyMs }: Pace, now: number): FloodBudget {
  let lines = 1;
  let at = now;
  const refill = (to: number) => {
    lines = Math.min(burst, lines + (to - at) / everyMs);
    at = to;
  };
  return {
    take(to) {
      refill(to);
      if (lines < 1) return false;
      lines -= 1;
      return true;
    },
    spend(to) {
      refill(to);
      lines -= 1;
    },
    skip(to) {
      at = to;
    },
    wait(to) {
      refill(to);
      return lines >= 1 ? 0 : Math.ceil((1 - lines) * everyMs);
    },
  };
}
