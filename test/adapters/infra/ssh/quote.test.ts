import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteWords, unquoteWords } from '../../../../src/adapters/infra/ssh/quote.ts';

function throughShell(words: readonly string[]): Buffer {
  return execFileSync('/bin/sh', ['-c', quoteWords(['printf', '%s\\0', ...words])]);
}

describe('quoteWords', () => {
  it.each(Array.from({ length: 127 }, (_, index) => index + 1))(
    'carries character %i through a shell, alone and among others',
    (code) => {
      const character = String.fromCharCode(code);
      const words = [character, `a${character}b`, character.repeat(3)];
      expect(throughShell(words).toString('utf8')).toBe(words.map((word) => `${word}\0`).join(''));
    },
  );

  it('carries every byte from 1 to 255 through a shell', () => {
    const bytes = Array.from({ length: 255 }, (_, index) => index + 1);
    const line = quoteWords(['printf', '%s', String.fromCharCode(...bytes)]);
    // As bytes and not as UTF-8: the line comes from a file, because arguments of Node are text.
    const given = execFileSync('/bin/sh', [], { input: Buffer.from(line, 'latin1') });
    expect([...given]).toEqual(bytes);
  });

  it('carries any words through a shell', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (words) => {
        expect(throughShell(words).toString('utf8')).toBe(
          words.map((text) => `${text}\0`).join(''),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('refuses a NUL, which no program can be given', () => {
    expect(() => quoteWords(['echo', 'a\0b'])).toThrow(
      'A command\'s word must not contain a NUL: "a\\u0000b"',
    );
  });
});

describe('unquoteWords', () => {
  it('reads back what quoteWords wrote', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        expect(unquoteWords(quoteWords(words))).toEqual(words);
      }),
    );
  });
});
