import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asFlag, asOption, columnOf, splitWords } from '../../../src/bot/grammar/words.ts';

const texts = (line: string) => splitWords(line).words.map(({ text }) => text);

describe('a line falls into words', () => {
  test.each([
    ['reimage builder-07', ['reimage', 'builder-07']],
    ['  status\u00a0 builders ', ['status', 'builders']],
    ['a "two words" b', ['a', 'two words', 'b']],
    ["a 'two words' b", ['a', 'two words', 'b']],
    ['a “two words” ‘three more words’', ['a', 'two words', 'three more words']],
    ['key="two words"', ['key=two words']],
    ['key=“two words” x', ['key=two words', 'x']],
    ['two\\ words \\"x', ['two words', '"x']],
    ['"a \\" b"', ['a " b']],
    ["'a \\ b'", ['a \\ b']],
    ["disk's dead", ["disk's", 'dead']],
    ['empty ""', ['empty', '']],
    ['', []],
  ])('%j', (line, words) => {
    expect(splitWords(line).complaint).toBeUndefined();
    expect(texts(line)).toEqual(words);
  });
});

describe('a mistake ends the words, and says where it is', () => {
  test.each([
    ['a "b', '"', 2, 'this quote is never closed'],
    ['a ‘b', '‘', 2, 'this quote is never closed'],
    ['a x="b', '"', 4, 'this quote is never closed'],
    ['a \\', '\\', 2, 'nothing follows this backslash'],
    ['a "b"c', 'c', 5, 'this follows a closing quote without a space'],
  ])('%j', (line, word, at, problem) => {
    expect(splitWords(line).complaint).toMatchObject({ word, at, problem });
    expect(texts(line)).toEqual(['a']);
  });
});

describe('what hides or reorders a line is refused by its code point', () => {
  test.each([
    ['a\u202eb', 'U+202E', 'a right-to-left override is refused because it cannot be seen'],
    ['a\u200bb', 'U+200B', 'a zero-width space is refused because it cannot be seen'],
    ['a\tb', 'U+0009', 'a tab is refused because it cannot be seen'],
    ['a\u0003b', 'U+0003', 'a control character is refused because it cannot be seen'],
    ['a\ud800b', 'U+D800', 'half a character is refused because it cannot be seen'],
    ['a\u{e0041}b', 'U+E0041', 'an invisible character is refused because it cannot be seen'],
    ['a\u3164b', 'U+3164', 'an invisible character is refused because it cannot be seen'],
  ])('%j', (line, word, problem) => {
    expect(splitWords(line)).toEqual({
      words: [],
      complaint: { at: 1, word, problem, expected: 'visible characters and spaces only' },
    });
  });

  test('an emoji with its variation selector is text', () => {
    expect(texts('thanks ❤️')).toEqual(['thanks', '❤️']);
  });
});

describe('options and flags are told from other words', () => {
  test.each([
    ['image=f43', { key: 'image', value: 'f43', from: 6 }],
    ['Image="a b"', { key: 'image', value: 'a b', from: 6 }],
    ['image=a=b', { key: 'image', value: 'a=b', from: 6 }],
    ['image=', { key: 'image', value: '', from: 6 }],
    ['"image=f43"', undefined],
    ['image\\=f43', undefined],
    ['=f43', undefined],
    ['image', undefined],
  ])('%j as an option', (line, option) => {
    const [word] = splitWords(line).words;
    expect(word && asOption(word)).toEqual(option);
  });

  test.each([
    ['--force', 'force'],
    ['—force', 'force'],
    ['"--force"', undefined],
    ['\\--force', undefined],
    ['-force', undefined],
    ['--', undefined],
  ])('%j as a flag', (line, flag) => {
    const [word] = splitWords(line).words;
    expect(word && asFlag(word)).toBe(flag);
  });
});

test('columns count characters, not UTF-16 units', () => {
  expect(columnOf('🔁 x', 3)).toBe(3);
});

test('every character of a word stands where the word says', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab ="\'\\“”') }), (line) => {
      for (const { text, at, start, end } of splitWords(line).words) {
        expect(at.map((place) => line[place]).join('')).toBe(text);
        expect(at.every((place) => start <= place && place < end)).toBe(true);
      }
    }),
  );
});

test('quoting any visible text gives that text back', () => {
  const visible = fc.string({ unit: fc.constantFrom(...'ab =é—[]@!\'’"\\') });
  fc.assert(
    fc.property(visible, (text) => {
      expect(texts(`x "${text.replace(/["\\]/g, '\\$&')}"`)).toEqual(['x', text]);
    }),
  );
});

test('splitting never throws, whatever the line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => {
      const { words, complaint } = splitWords(line);
      expect(words.length > 0 || complaint !== undefined || line.trim() === '').toBe(true);
    }),
  );
});
