import { describe, expect, it } from 'vitest';
import { isOpen, opensNext, type Window, windowInWords } from '../../src/domain/window.ts';

/** Tuesday and Thursday nights, over midnight. */
const NIGHTS: Window = { days: ['tue', 'thu'], from: 22 * 60, lasts: 4 * 60 };
const at = (text: string) => Date.parse(`${text}Z`);

describe('a maintenance window', () => {
  it.each([
    ['2026-11-24T21:59', false],
    ['2026-11-24T22:00', true],
    ['2026-11-25T01:59', true],
    ['2026-11-25T02:00', false],
    ['2026-11-25T22:30', false],
    ['2026-11-26T23:00', true],
  ])('is at %s open: %s', (moment, open) => {
    expect(isOpen(NIGHTS, at(moment))).toBe(open);
  });

  it('says when it opens next, also a week from now', () => {
    expect(opensNext(NIGHTS, at('2026-11-25T03:00'))).toBe(at('2026-11-26T22:00'));
    const tuesdays: Window = { ...NIGHTS, days: ['tue'] };
    expect(opensNext(tuesdays, at('2026-11-24T22:00'))).toBe(at('2026-12-01T22:00'));
  });

  it('reads as people write it', () => {
    expect(windowInWords(NIGHTS)).toBe('tue, thu 22:00 to 02:00 UTC');
  });
});
