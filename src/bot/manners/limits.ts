import type { Lane } from './lane.ts';
import { type Bucket, draw, drawAhead, isFull, type Rate } from './token-bucket.ts';

/** Nobody types faster who reads the answers. */
const OF_ONE: Readonly<Record<Lane, Rate>> = {
  steering: { most: 40, everyMs: 500 },
  ordinary: { most: 20, everyMs: 2_000 },
  open: { most: 6, everyMs: 4_000 },
};
/** What somebody pressed while nobody could hear it comes all at once. Nobody has so much to answer that it takes longer. */
const PRESSED = { most: 40, everyMs: 500, longestMs: 10 * 60_000 };
/** Everybody in a channel together; what steers operations is not counted. */
const OF_ALL: Readonly<Record<Exclude<Lane, 'steering'>, Rate>> = {
  ordinary: { most: 60, everyMs: 500 },
  open: { most: 15, everyMs: 2_000 },
};
/** So many are remembered before those that are full are forgotten. */
const KEPT = 1_000;

export interface Caller {
  readonly lane: Lane;
  readonly who: string;
  readonly channel: string;
  readonly vouched: boolean;
}

export type Admitted =
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'declined';
      /** Who has to slow down. */
      readonly whose: 'sender' | 'channel';
      readonly againInMs: number;
      /** They were not told yet. */
      readonly first: boolean;
    };

/** Counts what people ask for on one network. Strangers use up what is there for strangers, and nothing of the others'. */
export interface Limits {
  admit(caller: Caller): Admitted;
  /** How long a reaction waits; undefined when it is not taken. */
  reactionInMs(who: string): number | undefined;
}

export function createLimits(clock: () => number): Limits {
  const buckets = new Map<string, { readonly bucket: Bucket; readonly rate: Rate }>();

  function drawFrom<R extends Rate, Drawn extends { readonly bucket: Bucket }>(
    key: string,
    rate: R,
    drawOne: (before: Bucket | undefined, rate: R, now: number) => Drawn,
  ): Drawn {
    const drawn = drawOne(buckets.get(key)?.bucket, rate, clock());
    buckets.delete(key);
    buckets.set(key, { bucket: drawn.bucket, rate });
    if (buckets.size > KEPT) forget();
    return drawn;
  }

  function forget(): void {
    const now = clock();
    for (const [key, { bucket, rate }] of buckets) {
      if (isFull(bucket, rate, now)) buckets.delete(key);
    }
    const [oldest] = buckets.keys();
    if (oldest !== undefined && buckets.size > KEPT) buckets.delete(oldest);
  }

  return {
    admit({ lane, who, channel, vouched }) {
      const own = drawFrom(`${lane} of ${who}`, OF_ONE[lane], draw);
      if (own.kind === 'declined') return { ...own, whose: 'sender' };
      if (lane === 'steering') return { kind: 'taken' };
      const strangers = vouched ? '' : ' strangers';
      const all = drawFrom(`${lane} in ${channel}${strangers}`, OF_ALL[lane], draw);
      return all.kind === 'declined' ? { ...all, whose: 'channel' } : { kind: 'taken' };
    },
    reactionInMs: (who) => drawFrom(`reactions of ${who}`, PRESSED, drawAhead).inMs,
  };
}
