import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { plainYaml } from '../../../src/adapters/config/plain-yaml.ts';

const big = `---
# A farm.
defaults:
  ssh: { user: root, jump: [bastion-01] } # all of them

hosts:
  builder-[01-02]:
    pool: builders
    port: 22
    bmc: 10.0.0.7
    yes: no
    empty:
    quoted: "{host}.example.org"
    single: '#ops'
    disks:
      - { name: vda }
    text: |
      # not a comment
      two lines

    folded: one
      two
  other: { a: [1, 2] }
`;

const refused = {
  'a key twice': 'a: 1\na: 2\n',
  'an anchor used in another entry': 'a: &x word\nb: *x\n',
  'a list at the top': '- a\n- b\n',
  'a quote that runs over the end of its entry': 'a: "one\nb: two"\n',
  'two documents': 'a: 1\n---\nb: 2\n',
  'an entry that is deeper than its neighbours': 'a:\n  b: 1\n   c: 2\n',
  tabs: 'a:\t1\n',
  'a carriage return inside of a line': 'a: 1\rb: 2\n',
  'a bad entry inside a good one': 'a:\n  b: [1\n',
};

const agreeing = {
  'a block text': 'a: |\n  x: 1\n  # y\nb: 2\n',
  'a block text without lines': 'a: |\nb: 2\n',
  'a block text whose empty lines are kept': 'a: |+\n  x\n\n\nb: 2\n',
  'words that are not text':
    'a: true\nb: null\nc: ~\nd: 0x10\ne: 1.10\nf: 010\ng: .inf\nh: False\n',
  'a comment between an entry and its body': 'a:\n  # c\n  b: 1\n',
  'a comment that is less indented': 'a:\n  b: 1\n# c\n  d: 2\n',
  'a colon in a word': 'a: b:c\nd: http://x/\n',
  'an escaped quote': `a: "x\\"y"\nb: 'it''s'\n`,
  'spaces after a value': 'a: b   \nc:   \n',
  'an empty file': '',
  'a list under its key': 'a:\n- b\n',
};

const taken = {
  'lines that end in carriage returns': 'a: |\r\n  x\r\n  y\r\nb: "2"\r\n',
  'a short map': 'a: { b: word, c: 10.0.0.7, d: 22 }\n',
  'a short map with a list inside': 'a: { b: [word, "x"], c: {} }\n',
  'a short map with words that are not text': 'a: { b: true, c: 1.5, d: null }\n',
};

describe('the fast reader', () => {
  test('reads what big inventories are written in as the library does', () => {
    const read = plainYaml(big);
    expect(read).toBeDefined();
    expect(read).toEqual(parse(big));
  });

  test.each(Object.entries(refused))('leaves %s to the library', (_, text) => {
    expect(plainYaml(text)).toBeUndefined();
  });

  test.each(Object.entries(taken))('reads %s as the library does', (_, text) => {
    expect(plainYaml(text)).toEqual(parse(text));
  });

  test.each(Object.entries(agreeing))('never reads %s in another way', (_, text) => {
    expect(plainYaml(text) ?? parse(text)).toEqual(parse(text));
  });

  test('gives what the library gives, or nothing, for any text', () => {
    const piece = fc.constantFrom(
      ...['a', 'b', 'key-1', ':', ': ', ' ', '  ', '\n', '\n', '\n  ', '\n    ', '- ', '"', "'"],
      ...[
        '|',
        '>',
        '#',
        ' # c',
        '[',
        ']',
        '{',
        '}',
        ',',
        '1',
        '01',
        '1.2',
        '1.2.3',
        'true',
        'null',
      ],
      ...[
        '&x',
        '*x',
        '!',
        '~',
        '---',
        '@',
        '%',
        'x: y',
        '\n\n',
        '|\n  t',
        ': word\n',
        ': 7\n  ',
        '\r\n',
      ],
      ...['a: { ', ' }', ', b: ', 'c: [', 'a: {b: c', '}', ': {', 'x, y'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
        const text = pieces.join('');
        const read = plainYaml(text);
        if (read !== undefined) expect(read).toEqual(parse(text, { logLevel: 'error' }));
      }),
      { numRuns: 10_000 },
    );
  });
});
