import type { ZoneName } from '../../domain/ids.ts';
import type { Doorbell, Journal } from '../journal/journal.ts';

const AT_ONCE = 200;
/** A ring without an answer is none, and nobody may have to wait for it: the next round rings again. */
const RUNG_WITHIN_MS = 5_000;

export interface ReconcilerOptions {
  readonly journal: Pick<Journal, 'due'>;
  readonly doorbell: Doorbell;
  readonly zone: ZoneName;
  readonly everyMs: number;
  readonly report: (problem: unknown) => void;
}

export interface Reconciler {
  /** Looks again after so many milliseconds, besides the regular rounds. */
  soon(inMs: number): void;
  stop(): void;
}

/** Rings for every operation of a zone that is due and unattended, whoever was told before and did not come. */
export function startReconciler(options: ReconcilerOptions): Reconciler {
  const { journal, doorbell, zone, everyMs, report } = options;
  const timers = new Set<NodeJS.Timeout>();
  let looking = false;
  let again = false;

  async function look(): Promise<void> {
    const due = await journal.due(zone, AT_ONCE);
    const over = Promise.withResolvers<void>();
    const limit = setTimeout(over.resolve, RUNG_WITHIN_MS);
    await Promise.race([Promise.all(due.map((what) => doorbell.ring(what))), over.promise]);
    clearTimeout(limit);
  }

  /** What becomes due while it looks is looked for right afterwards. */
  async function round(): Promise<void> {
    again = looking;
    if (looking) return;
    looking = true;
    await look().catch(report);
    looking = false;
    if (again) void round();
  }

  const regular = setInterval(() => void round(), everyMs);
  void round();
  return {
    soon(inMs) {
      // A regular round comes sooner.
      if (inMs > everyMs * 60) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void round();
      }, inMs);
      timers.add(timer);
    },
    stop() {
      clearInterval(regular);
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
