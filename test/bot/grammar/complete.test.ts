import fc from 'fast-check';
import { expect, test } from 'vitest';
import { complete } from '../../../src/bot/grammar/complete.ts';
import { grammar } from './example-grammar.ts';

test.each([
  ['!re', ['!rehearse', '!reimage', '!replace']],
  ['!reimage @', ['!reimage @builders', '!reimage @compute', '!reimage @spares']],
  ['!reimage comp', ['!reimage compute-1', '!reimage compute-2']],
  ['!reimage @builders!comp', ['!reimage @builders!compute-1', '!reimage @builders!compute-2']],
  ['!reimage compute-1 ', ['!reimage compute-1 --force', '!reimage compute-1 image=']],
  ['!reimage compute-1 --force ', ['!reimage compute-1 --force image=']],
  ['!reimage image=', ['!reimage image=f42-builder', '!reimage image=f43-builder']],
  ['!reimage image=f42-builder@', ['!reimage image=f42-builder@2026.04.01']],
  ['!show 7', ['!show op-7k2m']],
  ['!show op-', ['!show op-7k2m', '!show op-9xyz']],
  ['!show op-7k2m ', ['!show op-7k2m journal', '!show op-7k2m plan']],
  ['!replace compute-', ['!replace compute-1', '!replace compute-2']],
  ['!rehearse reim', ['!rehearse reimage']],
  ['!rehearse reimage comp', ['!rehearse reimage compute-1', '!rehearse reimage compute-2']],
  ['!lock builder-07 comp', []],
  ['!nonsense comp', []],
  ['!reimage "comp', []],
])('%s', (line, lines) => {
  const { start, candidates } = complete(line, grammar, 1);
  expect(candidates.map((candidate) => line.slice(0, start) + candidate)).toEqual(lines);
});

test('completing never throws and never starts outside the line', () => {
  const unit = fc.constantFrom(
    'reimage',
    'rehearse',
    ' ',
    '@',
    'b',
    'image=',
    '--',
    '"',
    '\\',
    '!',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.string({ unit }), (line) => {
      const { start } = complete(line, grammar);
      expect(start >= 0 && start <= line.length).toBe(true);
    }),
  );
});
