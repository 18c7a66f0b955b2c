import { expect, test } from 'vitest';
import { knownHeads } from '../../../src/adapters/store/known-heads.ts';
import { OpId } from '../../../src/domain/ids.ts';

/** In the digits that ids may have. */
const opOf = (place: number) =>
  OpId.parse(
    `op-${place
      .toString(8)
      .padStart(4, '0')
      .replace(/./g, (digit) => `${Number(digit) + 2}`)}`,
  );
const headOf = (seq: number) => ({ seq, digest: `digest of ${seq}` });

test('the head of an operation is known from when it is held until it is let go', () => {
  const known = knownHeads();
  const op = opOf(1);
  known.moved(op, headOf(1));
  expect(known.find(op)).toBeUndefined();
  known.hold(op, headOf(2));
  known.moved(op, headOf(3));
  expect(known.find(op)).toEqual(headOf(3));
  known.letGo(op);
  expect(known.find(op)).toBeUndefined();
});

test('operations that were abandoned are forgotten, the longest held first, and one that is held again is not', () => {
  const known = knownHeads();
  const all = Array.from({ length: 3_000 }, (_, place) => opOf(place));
  const [again = opOf(0), ...others] = all;
  for (const op of others) {
    known.hold(op, headOf(1));
    known.hold(again, headOf(2));
  }
  expect(known.find(again)).toEqual(headOf(2));
  const kept = all.filter((op) => known.find(op) !== undefined);
  expect(kept).toEqual([again, ...others.slice(-999)]);
});
