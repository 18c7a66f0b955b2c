import type { Lane } from './lane.ts';
import { type Bucket, draw, isFull, type Rate } from './token-bucket.ts';

/** Nobody types faster who reads the answers. */
const OF_ONE: Readonly<Record<Lane, Rate>> = {
  steering: { most: 40, everyMs: 500 },
  ordinary: { most: 20, everyMs: 2_000 },
  open: { most: 6, everyMs: 4_000 },
};
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
export function createLimits(clock: () => number): (caller: Caller) => Admitted {
  const buckets = new Map<string, { readonly bucket: Bucket; readonly rate: Rate }>();

  function drawFrom(key: string, rate: Rate) {
    const drawn = draw(buckets.get(key)?.bucket, rate, clock());
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

  return ({ lane, who, channel, vouched }) => {
    const own = drawFrom(`${lane} of ${who}`, OF_ONE[lane]);
    if (own.kind === 'declined') return { ...own, whose: 'sender' };
    if (lane === 'steering') return { kind: 'taken' };
    const strangers = vouched ? '' : ' strangers';
    const all = drawFrom(`${lane} in ${channel}${strangers}`, OF_ALL[lane]);
    return all.kind === 'declined' ? { ...all, whose: 'channel' } : { kind: 'taken' };
  };
}
