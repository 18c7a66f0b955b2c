import { expect, test } from 'vitest';
import { inLots } from '../../src/domain/in-lots.ts';

test('all are in some lot, in their order, and the last lot has what is left', () => {
  expect(inLots([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(inLots([1, 2], 2)).toEqual([[1, 2]]);
});

test('of nothing there is no lot', () => {
  expect(inLots([], 2)).toEqual([]);
});
