import { expect, it } from 'vitest';
import { retryAfterMs } from '../../../../src/adapters/chat/matrix/fetch-request.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');

it.each([
  ['7', 7_000],
  ['0.5', 500],
  ['Sat, 21 Nov 2026 12:00:09 GMT', 9_000],
  ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
  ['-3', 0],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('Retry-After %s means to wait %s ms', (header, waitMs) => {
  expect(retryAfterMs(header, NOW)).toBe(waitMs);
});
