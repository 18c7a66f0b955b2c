import type { OpId } from '../../domain/ids.ts';
import type { Downtime } from '../ports/downtime.ts';
import type { Outcomes } from './downtime-rules.ts';

/** How long a downtime stands when nobody renews it any more. Not scaled in a lab: it runs out elsewhere. */
export const DOWNTIME_MS = 30 * 60_000;
/** Several may fail before it runs out. */
export const RENEW_EVERY_MS = 5 * 60_000;

interface Renewal {
  readonly at: number;
  /** What came of it, until that is on record. */
  readonly news?: Outcomes;
}

/** When this worker last renewed an operation's downtime. Whoever does not know renews it: that makes no second one. */
export class DowntimeRenewals {
  readonly #last = new Map<OpId, Renewal>();

  dueInMs(op: OpId, now: number): number {
    const last = this.#last.get(op);
    return last === undefined ? 0 : Math.max(0, last.at + RENEW_EVERY_MS - now);
  }

  made(op: OpId, at: number, news: Outcomes): void {
    for (const [other, last] of this.#last) {
      // Another worker has it by now, or it has ended there.
      if (last.at + DOWNTIME_MS < at) this.#last.delete(other);
    }
    this.#last.set(op, { at, news });
  }

  /** What was not taken yet: an older result says nothing about now. */
  takeNews(op: OpId): Outcomes | undefined {
    const last = this.#last.get(op);
    if (last?.news === undefined) return undefined;
    this.#last.set(op, { at: last.at });
    return last.news;
  }

  forget(op: OpId): void {
    this.#last.delete(op);
  }
}

const renewals = new WeakMap<Downtime, DowntimeRenewals>();

/** The ones of everything in this process that uses the same hook. */
export function renewalsOf(downtime: Downtime): DowntimeRenewals {
  const known = renewals.get(downtime) ?? new DowntimeRenewals();
  renewals.set(downtime, known);
  return known;
}
