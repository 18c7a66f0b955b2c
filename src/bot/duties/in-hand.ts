import { setTimeout as delay } from 'node:timers/promises';

/** What is under way, so that it can be waited for. */
export interface InHand {
  add(work: Promise<void>): Promise<void>;
  /** Settles when all that is under way now has ended, and after so long in any case. */
  settled(withinMs: number): Promise<void>;
}

export function createInHand(): InHand {
  const underWay = new Set<Promise<void>>();
  return {
    async add(work) {
      underWay.add(work);
      try {
        await work;
      } finally {
        underWay.delete(work);
      }
    },
    async settled(withinMs) {
      const over = new AbortController();
      const late = delay(withinMs, undefined, over).catch(() => undefined);
      await Promise.race([Promise.allSettled(underWay), late]);
      over.abort();
    },
  };
}
