import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable } from '../../../src/bot/grammar/printable.ts';

test.each([
  ['plain text, é and 🔁', 'plain text, é and 🔁'],
  ['two\r\nlines\tand a tab', 'two lines and a tab'],
  ['\u0003red \u001b[31m', '\\u{3}red \\u{1b}[31m'],
  ['a\u202eb', 'a\\u{202e}b'],
  ['a\u200bb\ufeff', 'ab'],
  ['half \ud83d', 'half \ufffd'],
])('%j is shown as %j', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

describe('a text that is too long is cut', () => {
  test.each([
    ['one two three', 13, 'one two three'],
    ['one two three', 12, 'one two…'],
    ['one two three', 10, 'one two…'],
    ['one two three', 9, 'one…'],
    ['abcdefgh', 6, 'abc…'],
    ['ééééé', 8, 'éé…'],
    ['🔁🔁🔁', 8, '🔁…'],
    ['e\u0301e\u0301e\u0301', 8, 'e\u0301…'],
    ['abcdef', 2, 'ab'],
    ['abcdef', 0, ''],
  ])('%j to %i bytes', (text, bytes, shown) => {
    expect(printable(text, bytes)).toBe(shown);
  });
});

test('nothing harmful comes out, nothing is longer than the limit, no character is halved', () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(text, fc.nat({ max: 80 }), (source, bytes) => {
      const shown = printable(source, bytes);
      expect(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(shown)).toBe(false);
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(bytes);
      const head = shown.endsWith('…') ? shown.slice(0, -1) : shown;
      expect(printable(source).startsWith(head)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('showing a text twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printable(printable(text))).toBe(printable(text));
    }),
  );
});
