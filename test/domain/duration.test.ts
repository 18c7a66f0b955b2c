import { expect, test } from 'vitest';
import { parseDuration } from '../../src/domain/duration.ts';

test.each([
  ['90s', 90_000],
  ['10m', 600_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
])('%s is a time', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(['', '10', 'm', '0m', '-1h', '1.5h', '10 m', '1w', '123456s'])('"%s" is none', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
