import { expect, it } from 'vitest';
import { mapNonEmpty } from '../../src/domain/non-empty.ts';

it('what has at least one is made into as many others, in their order', () => {
  expect(mapNonEmpty([1], String)).toEqual(['1']);
  expect(mapNonEmpty(['a', 'b', 'c'], (one) => `${one}!`)).toEqual(['a!', 'b!', 'c!']);
});
