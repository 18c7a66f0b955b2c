import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutLine, roomFor } from '../../../../src/adapters/chat/irc/cut-line.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('a', 'word', ' ', '  ', 'ü', '👩‍👩‍👧‍👦', '🇩🇪', 'e\u0301'), {
      maxLength: 80,
    })
    .map((parts) => parts.join('')),
);
const bytes = fc.integer({ min: 4, max: 60 });
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const blanksOut = (line: string) => line.toWellFormed().replace(/[\p{Cc}\s]/gu, '');

describe('a line that is cut', () => {
  it('has no piece that is longer than allowed, none that is empty, and none with a control character', () => {
    fc.assert(
      fc.property(text, bytes, (line, max) => {
        for (const piece of cutLine(line, max)) {
          expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(max);
          expect(piece.trim()).not.toBe('');
          expect(piece).not.toMatch(/\p{Cc}/u);
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
    );
  });

  it('loses nothing but blanks, of any kind', () => {
    expect(cutLine('a\u2028\u00a0', 4)).toEqual(['a']);
    fc.assert(
      fc.property(text, bytes, (line, max) => {
        expect(blanksOut(cutLine(line, max).join(''))).toBe(blanksOut(line));
      }),
    );
  });

  it('breaks no word that fits into a piece', () => {
    const words = fc.array(fc.stringMatching(/^[a-zäöü]{1,10}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, fc.integer({ min: 20, max: 60 }), (list, max) => {
        const cut = cutLine(list.join(' '), max);
        expect(cut.flatMap((piece) => piece.split(' '))).toEqual(list);
      }),
    );
  });

  it('breaks nothing that people see as one character', () => {
    const signs = fc.array(fc.constantFrom('👩‍👩‍👧‍👦', '🇩🇪', 'e\u0301', 'x'), { maxLength: 40 });
    fc.assert(
      fc.property(signs, fc.integer({ min: 25, max: 60 }), (list, max) => {
        const whole = [...graphemes.segment(list.join(''))].map(({ segment }) => segment);
        const cut = cutLine(list.join(''), max);
        expect(
          cut.flatMap((piece) => [...graphemes.segment(piece)].map((one) => one.segment)),
        ).toEqual(whole);
      }),
    );
  });

  it('is one piece where it fits, and cut at the last blank where it does not', () => {
    expect(cutLine('one two', 7)).toEqual(['one two']);
    expect(cutLine('one two', 6)).toEqual(['one', 'two']);
    expect(cutLine('  🔁 !retry', 40)).toEqual(['  🔁 !retry']);
    expect(cutLine('a bbbbbb🇩🇪', 8)).toEqual(['a bbbbbb', '🇩🇪']);
    expect(cutLine('', 10)).toEqual([]);
  });
});

describe('the room for text', () => {
  it('is what 512 bytes leave after our mask, as others receive it', () => {
    const mask = { nick: 'signalbox', user: 'signalbox', host: 'irc.example.org' };
    const text = 'x'.repeat(roomFor(mask, '#ops'));
    const line = `:signalbox!signalbox@irc.example.org PRIVMSG #ops :${text}\r\n`;
    expect(Buffer.byteLength(line)).toBe(512);
  });
});
