const LEAST_MS = 1_000;
const MOST_MS = 60 * 60_000;

/** How long the other side asks us to wait, in seconds or until a date; from a second to an hour. Undefined where it does not say. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, LEAST_MS), MOST_MS);
}
