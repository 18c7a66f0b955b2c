import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src/bot/grammar/parse-command.ts';
import { examplesOf } from '../../../src/bot/grammar/usage.ts';
import { grammar } from './example-grammar.ts';

function parsed(line: string) {
  const result = parseCommand(line, grammar, 1);
  if (result.kind === 'problem') throw new Error(result.line);
  return { command: result.spec.name, args: result.args, flags: [...result.flags] };
}

function said(line: string): string {
  const result = parseCommand(line, grammar, 1);
  return result.kind === 'problem' ? result.line : 'it parsed';
}

describe('a command gives typed arguments', () => {
  const image = 'f43-builder@2026.11.18';
  test.each([
    ['!reimage builder-07', 'reimage', { targets: ['builder-07'] }],
    ['!Reimage builder-07', 'reimage', { targets: ['builder-07'] }],
    ['!reinstall builder-07', 'reimage', { targets: ['builder-07'] }],
    [
      '!reimage image=f43-builder @compute',
      'reimage',
      { targets: ['compute-1', 'compute-2'], image },
    ],
    [
      '!reimage builder-07 image="f43-builder@2026.10.02"',
      'reimage',
      { targets: ['builder-07'], image: 'f43-builder@2026.10.02' },
    ],
    ['!reimage "compute-1, compute-2"', 'reimage', { targets: ['compute-1', 'compute-2'] }],
    ['!show op-7k2m', 'show', { op: 'op-7k2m' }],
    ['!show 7K2M journal', 'show', { op: 'op-7k2m', part: 'journal' }],
    ['!replace builder-07', 'replace', { host: 'builder-07' }],
    [
      '!lock builder-07 disk\'s  odd "so',
      'lock',
      { target: ['builder-07'], reason: 'disk\'s  odd "so' },
    ],
    ['!lock builder-07 “a disk swap”', 'lock', { target: ['builder-07'], reason: 'a disk swap' }],
    [
      '!lock builder-07 disk until=18:00 swap',
      'lock',
      { target: ['builder-07'], until: '18:00', reason: 'disk swap' },
    ],
    [
      '!lock builder-07 now load=high --why',
      'lock',
      { target: ['builder-07'], reason: 'now load=high --why' },
    ],
    [
      '!rehearse !reimage compute-1 image=f43-builder fail-at=6',
      'rehearse',
      { command: 'reimage compute-1 image=f43-builder', 'fail-at': 6 },
    ],
  ] as [string, string, object][])('%s', (line, command, args) => {
    expect(parsed(line)).toEqual({ command, args, flags: [] });
  });

  test.each(['--force', '—force'])('%s is a flag in any place', (flag) => {
    expect(parsed(`!reimage ${flag} builder-07`).flags).toEqual(['force']);
    expect(parsed(`!reimage builder-07 ${flag}`).flags).toEqual(['force']);
  });

  test('every example in the specs parses', () => {
    const examples = grammar.specs.flatMap((spec) => examplesOf(spec));
    expect(examples.map(said)).toEqual(examples.map(() => 'it parsed'));
  });
});

describe('a mistake gets the word, what was expected, and an example that works', () => {
  const TARGETS =
    'Expected hosts or a pool such as builder-[01-03] or @builders. For example: !reimage builder-07';
  test.each([
    [
      '!reimgae builder-07',
      'reimgae (column 2): there is no such command, did you mean reimage? Expected a command that !help lists. For example: !reimage builder-07',
    ],
    [
      '!frobnicate',
      'frobnicate (column 2): there is no such command. Expected a command that !help lists. For example: !help',
    ],
    [
      '!rеimage builder-07',
      'rеimage (column 2): there is no such command (е is U+0435, a Cyrillic letter that looks like e), did you mean reimage? Expected a command that !help lists. For example: !reimage builder-07',
    ],
    ['!', 'column 2: there is no command here. Expected the name of a command. For example: !help'],
    ['!reimage', `column 9: !reimage needs targets here. ${TARGETS}`],
    ['!reimage ""', `column 10: targets is empty. ${TARGETS}`],
    [
      '!reimage builder-07 now',
      'now (column 21): this is one word too many. Expected !reimage targets [image=…] [--force]. For example: !reimage builder-07',
    ],
    [
      '!reimage builder-97',
      'builder-97 (column 10): no host has this name, did you mean builder-07? Expected hosts of the inventory. For example: !reimage builder-07',
    ],
    [
      '!reimage "builder-07, builder-[3-1]"',
      '3-1 (column 32): the range runs backwards. Expected the smaller number first such as [1-3]. For example: !reimage builder-07',
    ],
    [
      '!reimage builder-07 imgae=f43-builder',
      'imgae=f43-builder (column 21): !reimage has no option imgae=, did you mean image=? Expected image=…. For example: !reimage builder-07',
    ],
    [
      '!show op-7k2m image=x',
      'image=x (column 15): !show has no option image=. Expected no options, as in !show op [part]. For example: !show op-7k2m',
    ],
    [
      '!reimage builder-07 image=f44-builder',
      'f44-builder (column 27): no image has this name, did you mean f43-builder? Expected an image such as f43-builder. For example: !reimage builder-07',
    ],
    [
      '!reimage builder-07 image=f43-builder@2026.11.19',
      'f43-builder@2026.11.19 (column 27): no image has this name and version, did you mean f43-builder@2026.11.18? Expected an image such as f43-builder. For example: !reimage builder-07',
    ],
    [
      '!reimage builder-07 image=',
      'column 27: image is empty. Expected an image such as f43-builder. For example: !reimage builder-07',
    ],
    [
      '!reimage compute-1 image=f43-builder image=f42-builder',
      'image=f42-builder (column 38): image= was already given. Expected image= only once. For example: !reimage @builders image=f43-builder',
    ],
    [
      '!reimage builder-07 --froce',
      '--froce (column 21): reimage has no flag --froce, did you mean --force? Expected --force. For example: !reimage builder-07',
    ],
    [
      '!show builder-07',
      'builder-07 (column 7): this is not the name of an operation. Expected an operation such as op-7k2m. For example: !show op-7k2m',
    ],
    [
      '!show 7k2m jurnal',
      'jurnal (column 12): this does not fit here, did you mean journal? Expected one of plan, journal. For example: !show op-7k2m',
    ],
    [
      '!replace builder-[01-02]',
      'builder-[01-02] (column 10): one host is wanted here. Expected a host such as builder-07. For example: !replace builder-07',
    ],
    [
      '!replace bulider-07',
      'bulider-07 (column 10): no host has this name, did you mean builder-07? Expected a host such as builder-07. For example: !replace builder-07',
    ],
    [
      '!replace builder‐07',
      'builder‐07 (column 17): ‐ is U+2010, a dash that looks like -, did you mean builder-07? Expected a host such as builder-07. For example: !replace builder-07',
    ],
    [
      '!rehearse reimage builder-07 fail-at=six',
      'six (column 38): this is not a whole number. Expected a step number such as 6. For example: !rehearse reimage builder-07 fail-at=6',
    ],
    [
      '!lock builder-07',
      'column 17: !lock needs reason here. Expected a reason such as disk swap. For example: !lock builder-07 disk swap',
    ],
    [
      '!reimage "builder-07',
      '" (column 10): this quote is never closed. Expected the same quote again where the text ends, or \\" for the character itself. For example: !reimage builder-07',
    ],
    [
      '!reimage builder\u202e-07',
      'U+202E (column 17): a right-to-left override is refused because it cannot be seen. Expected visible characters and spaces only. For example: !help',
    ],
  ])('%s', (line, message) => {
    expect(said(line)).toBe(message);
  });

  test('however long the words, the message stays short', () => {
    const word = 'builder-07'.repeat(500);
    expect(said(`!reimage ${word}`).length).toBeLessThan(400);
    expect(said(`!reimage ${word}[1-2]`).length).toBeLessThan(400);
    expect(said(`!${word}`).length).toBeLessThan(400);
    expect(said(`!reimage builder-07 ${word}=1`).length).toBeLessThan(400);
  });

  test('another prefix is the one in messages', () => {
    const result = parseCommand('.reimage', { ...grammar, prefix: '.' }, 1);
    expect(result.kind === 'problem' && result.line).toBe(
      `column 9: .reimage needs targets here. ${TARGETS.replace('!', '.')}`,
    );
  });
});

test('no line throws, and no message can move a cursor or hide a word', () => {
  const unit = fc.oneof(
    fc.constantFrom(
      'reimage ',
      'lock ',
      'builder-07',
      ' ',
      '"',
      '=',
      '--',
      'image=',
      '\\',
      '@',
      '\u202e',
      '\u0007',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  const harmful = /[\p{Cc}\p{Cf}\p{Cs}]/u;
  fc.assert(
    fc.property(fc.array(unit), (parts) => {
      const result = parseCommand(parts.join(''), grammar);
      if (result.kind === 'command') expect(grammar.specs).toContain(result.spec);
      else expect(harmful.test(result.line)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});
