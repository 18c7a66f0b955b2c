import type { Journal } from '../jobs/journal/journal.ts';

const REFRESH_MS = 30_000;

export interface StoreClock {
  /** Milliseconds since 1970 by the store's clock, whatever the clock of this machine does. */
  now(): number;
  stop(): void;
}

/** Asks the store for its time now and then, and counts on from there by the monotonic clock. */
export async function startStoreClock(
  journal: Pick<Journal, 'now'>,
  report: (problem: unknown) => void,
): Promise<StoreClock> {
  let offset = 0;
  async function refresh(): Promise<void> {
    const before = performance.now();
    const storeTime = await journal.now();
    offset = storeTime - (before + performance.now()) / 2;
  }
  await refresh();
  const timer = setInterval(() => void refresh().catch(report), REFRESH_MS);
  timer.unref();
  return {
    now: () => Math.round(performance.now() + offset),
    stop: () => clearInterval(timer),
  };
}
