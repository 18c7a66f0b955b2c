/** So many at once, and then one in so long. */
export interface Rate {
  readonly most: number;
  readonly everyMs: number;
}

/** What somebody has left at a moment. While it is `closed` they wait until they have a part of it back. */
export interface Bucket {
  readonly left: number;
  readonly at: number;
  readonly closed: boolean;
}

/** What has to be back before anything is taken again: of a long list, not one line here and one there. */
const OPENS_AT = 1 / 4;

export type Drawn =
  | { readonly kind: 'taken'; readonly bucket: Bucket }
  | {
      readonly kind: 'declined';
      readonly bucket: Bucket;
      /** From now, until something is taken again. */
      readonly againInMs: number;
      /** Whether the one before was still taken. */
      readonly first: boolean;
    };

/**
 * Draws one also where none is there: how long it takes until it is, after all that were drawn so before. Draws none where that
 * is longer than `longestMs`.
 */
export function drawAhead(
  before: Bucket | undefined,
  rate: Rate & { readonly longestMs: number },
  now: number,
): { readonly bucket: Bucket; readonly inMs: number | undefined } {
  const had = leftOf(before, rate, now);
  const inMs = Math.max(0, 1 - had) * rate.everyMs;
  const isTooLong = inMs > rate.longestMs;
  const left = isTooLong ? had : had - 1;
  return { bucket: { left, at: now, closed: false }, inMs: isTooLong ? undefined : inMs };
}

/** Draws one. `now` is milliseconds of a clock that never goes back. */
export function draw(before: Bucket | undefined, rate: Rate, now: number): Drawn {
  const { most, everyMs } = rate;
  const left = leftOf(before, rate, now);
  const needed = before?.closed ? Math.max(1, most * OPENS_AT) : 1;
  if (left >= needed) return { kind: 'taken', bucket: { left: left - 1, at: now, closed: false } };
  const againInMs = (Math.max(1, most * OPENS_AT) - left) * everyMs;
  return {
    kind: 'declined',
    bucket: { left, at: now, closed: true },
    againInMs,
    first: !before?.closed,
  };
}

function leftOf(before: Bucket | undefined, { most, everyMs }: Rate, now: number): number {
  return before === undefined ? most : Math.min(most, before.left + (now - before.at) / everyMs);
}

/** Nothing needs to be remembered of it. */
export function isFull({ left, at }: Bucket, { most, everyMs }: Rate, now: number): boolean {
  return left + (now - at) / everyMs >= most;
}
