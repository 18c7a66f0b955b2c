const FIRST_MS = 1_000;
const SLOWEST_MS = 60_000;

/** How long to wait before the next try after so many in vain: up to a minute, and each bot a little different. */
export function backOff(failures: number, random: () => number = Math.random): number {
  const full = Math.min(FIRST_MS * 2 ** Math.min(failures, 16), SLOWEST_MS);
  return Math.round(full * (0.5 + random() / 2));
}
