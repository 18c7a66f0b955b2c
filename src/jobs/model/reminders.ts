/** When people are told again of what waits for them, in milliseconds of silence. */
export interface ReminderTimes {
  /** First; then after twice as long each time, at most a day. */
  readonly afterMs: number;
  /** From then on those are told as well who hear of what nobody answers. */
  readonly escalateAfterMs: number;
}

export const DEFAULT_REMINDERS: ReminderTimes = {
  afterMs: 10 * 60_000,
  escalateAfterMs: 20 * 60_000,
};

const LONGEST_GAP_MS = 24 * 60 * 60_000;

/** How often something should have been said again after so much silence, and when that is once more. */
export function remindersAfter(
  silentMs: number,
  times: ReminderTimes,
): { readonly count: number; readonly escalated: boolean; readonly nextInMs: number } {
  const escalated = silentMs >= times.escalateAfterMs;
  let count = 0;
  for (const at of moments(times)) {
    if (at > silentMs) return { count, escalated, nextInMs: at - silentMs };
    count += 1;
  }
  throw new Error('reminders never end');
}

function* moments({ afterMs, escalateAfterMs }: ReminderTimes): Generator<number> {
  let before = 0;
  for (let [at, gap] = [afterMs, afterMs]; ; gap = Math.min(gap * 2, LONGEST_GAP_MS), at += gap) {
    if (before < escalateAfterMs && escalateAfterMs < at) yield escalateAfterMs;
    yield at;
    before = at;
  }
}
