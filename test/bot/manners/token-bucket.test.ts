import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bucket, draw, drawAhead } from '../../../src/bot/manners/token-bucket.ts';

const RATE = { most: 8, everyMs: 1_000 };

/** Draws at each of these moments. */
function drawn(moments: readonly number[]) {
  let bucket: Bucket | undefined;
  return moments.map((now) => {
    const one = draw(bucket, RATE, now);
    bucket = one.bucket;
    return one;
  });
}

const kinds = (moments: readonly number[]) => drawn(moments).map(({ kind }) => kind);

describe('a token bucket', () => {
  test('takes so many at once and declines the next', () => {
    expect(kinds(Array(8).fill(0))).toEqual(Array(8).fill('taken'));
    expect(kinds(Array(9).fill(0)).at(-1)).toBe('declined');
  });

  test('tells the first that it declines, and no other until something was taken again', () => {
    const told = drawn([...Array(10).fill(0), 2_000, ...Array(9).fill(2_000)])
      .filter((one) => one.kind === 'declined')
      .map(({ first }) => first);
    expect(told).toEqual([true, false, true, ...Array(7).fill(false)]);
  });

  test('takes nothing again before a part of it is back, as it said', () => {
    const [declined] = drawn(Array(9).fill(0)).slice(-1);
    expect(declined).toMatchObject({ kind: 'declined', againInMs: 2_000 });
    expect(kinds([...Array(9).fill(0), 1_999]).at(-1)).toBe('declined');
    expect(kinds([...Array(9).fill(0), 2_000]).at(-1)).toBe('taken');
  });

  test('never takes more than were there and came back, whenever they are drawn', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 200 }), (waits) => {
        let now = 0;
        const moments = waits.map((wait) => {
          now += wait;
          return now;
        });
        const taken = kinds(moments).filter((kind) => kind === 'taken').length;
        expect(taken).toBeLessThanOrEqual(RATE.most + now / RATE.everyMs);
      }),
    );
  });

  test('says how long one that is drawn ahead takes, and has forgotten those that took too long', () => {
    const rate = { most: 2, everyMs: 1_000, longestMs: 2_000 };
    let bucket: Bucket | undefined;
    const drawnAt = (now: number) => {
      const one = drawAhead(bucket, rate, now);
      bucket = one.bucket;
      return one.inMs;
    };
    const atOnce = [0, 0, 1_000, 2_000, undefined, undefined];
    expect(atOnce.map(() => drawnAt(0))).toEqual(atOnce);
    expect([500, 1_000].map(drawnAt)).toEqual([undefined, 2_000]);
  });
});
