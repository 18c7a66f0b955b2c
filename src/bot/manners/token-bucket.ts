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

/** Draws one. `now` is milliseconds of a clock that never goes back. */
export function draw(before: Bucket | undefined, { most, everyMs }: Rate, now: number): Drawn {
  const { at, closed, ...had } = before ?? { left: most, at: now, closed: false };
  const left = Math.min(most, had.left + (now - at) / everyMs);
  const needed = closed ? Math.max(1, most * OPENS_AT) : 1;
  if (left >= needed) return { kind: 'taken', bucket: { left: left - 1, at: now, closed: false } };
  const againInMs = (Math.max(1, most * OPENS_AT) - left) * everyMs;
  return {
    kind: 'declined',
    bucket: { left, at: now, closed: true },
    againInMs,
    first: !closed,
  };
}

/** Nothing needs to be remembered of it. */
export function isFull({ left, at }: Bucket, { most, everyMs }: Rate, now: number): boolean {
  return left + (now - at) / everyMs >= most;
}
