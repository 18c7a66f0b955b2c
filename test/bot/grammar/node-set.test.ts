import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldHosts } from '../../../src/bot/grammar/fold-hosts.ts';
import { findTargets, type TargetFacts } from '../../../src/bot/grammar/node-set.ts';
import { readTerms } from '../../../src/bot/grammar/node-set-syntax.ts';
import { HostName, PoolName } from '../../../src/domain/ids.ts';
import { facts } from './example-grammar.ts';

function hostsOf(expression: string, known: TargetFacts = facts): readonly string[] {
  const found = findTargets(expression, known);
  if (found.kind === 'problem') throw new Error(found.problem);
  return found.hosts;
}

/** The names of one operand, none of which has to exist. */
const namesIn = (expression: string) => readTerms(expression).flatMap(({ names }) => names);

// Recorded from `nodeset -e` of ClusterShell 1.10.1.
describe('a word stands for the names that nodeset -e prints', () => {
  test.each([
    ['foo[1-3]', 'foo1 foo2 foo3'],
    ['foo[08-11,9]', 'foo9 foo08 foo09 foo10 foo11'],
    ['foo[1 - 3, 5]', 'foo1 foo2 foo3 foo5'],
    ['foo[0-10/ 2]', 'foo0 foo2 foo4 foo6 foo8 foo10'],
    ['foo[00-10/5]', 'foo00 foo05 foo10'],
    ['foo[5/1]', 'foo5'],
    ['foo[0-00]', 'foo0'],
    ['foo[1-2]5', 'foo15 foo25'],
    ['foo[9-10]5', 'foo95 foo105'],
    ['foo1[1-2]5', 'foo115 foo125'],
    ['foo1[09-11]', 'foo109 foo110 foo111'],
    ['foo1[8,10]', 'foo18 foo110'],
    ['foo[-2-1]', 'foo-2 foo-1 foo0 foo1'],
    ['r[1-2]n[1-2]', 'r1n1 r1n2 r2n1 r2n2'],
    ['[1-2]', '1 2'],
  ])('%s', (expression, names) => {
    expect(namesIn(expression)).toEqual(names.split(' '));
  });
});

describe('operators count from left to right', () => {
  test.each([
    ['builder-07', 'builder-07'],
    ['@compute', 'compute-1 compute-2'],
    ['@*!@builders', 'compute-1 compute-2'],
    ['@builders!builder-[01-08]', 'builder-09 builder-10'],
    ['builder-[01-03]&builder-[02-04]', 'builder-02 builder-03'],
    ['builder-[01-03]^builder-[02-04]', 'builder-01 builder-04'],
    ['compute-1,builder-01!builder-01,compute-2', 'compute-1 compute-2'],
    ['compute-2!compute-2,compute-2', 'compute-2'],
    [' compute-2 , compute-1 ', 'compute-1 compute-2'],
    ['compute-*', 'compute-1 compute-2'],
    ['builder-?2', 'builder-02 builder-12'],
    ['r*n[1-1]', 'r1n1 r2n1'],
    ['*&@compute', 'compute-1 compute-2'],
  ])('%s', (expression, hosts) => {
    expect(hostsOf(expression)).toEqual(hosts.split(' '));
  });

  test('several pools are named by one range', () => {
    const host = HostName.parse('web1');
    const other = HostName.parse('web2');
    const pools = new Map([
      [PoolName.parse('rack1'), [host]],
      [PoolName.parse('rack2'), [other]],
    ]);
    expect(hostsOf('@rack[1-2]', { hosts: new Set([host, other]), pools })).toEqual([host, other]);
  });
});

describe('a mistake is named with its place and what was expected', () => {
  const NUMBERS = 'numbers and ranges such as [1-4], [01-10,14] or [0-10/2]';
  const BRACKETS = 'brackets around numbers such as builder-[01-03,07]';
  const NODE_SET = 'hosts or a pool such as builder-[01-03], builder-* or @builders';
  test.each([
    [
      'x[1-010]',
      '1-010',
      2,
      'the zero padding of 1 and 010 differs',
      'both numbers with as many digits such as [01-10]',
    ],
    [
      'x[09-100]',
      '09-100',
      2,
      'the zero padding of 09 and 100 differs',
      'both numbers with as many digits such as [01-10]',
    ],
    ['x[3-1]', '3-1', 2, 'the range runs backwards', 'the smaller number first such as [1-3]'],
    ['x[1,,2]', '', 4, 'a number is missing here', NUMBERS],
    ['x[]', '', 2, 'a number is missing here', NUMBERS],
    ['x[1, a]', 'a', 5, 'this is not a range of numbers', NUMBERS],
    ['x[1-]', '1-', 2, 'this is not a range of numbers', NUMBERS],
    ['x[-01-03]', '-01-03', 2, 'a negative number cannot be padded', NUMBERS],
    ['x[5/2]', '5/2', 2, 'a step needs a range', 'a range with a step such as [0-10/2]'],
    ['x[1-5/0]', '1-5/0', 2, 'the step is 0', 'a step of 1 or more such as [0-10/2]'],
    [
      'x[0-4/2]7',
      '0-4/2',
      2,
      'a step and digits right after the bracket do not go together',
      NUMBERS,
    ],
    [
      'x[1 - 2]7',
      '1 - 2',
      2,
      'a space and digits right after the bracket do not go together',
      NUMBERS,
    ],
    ['x1[-2]', '-2', 3, 'a negative number cannot touch other digits', NUMBERS],
    [
      'x1[9-10]',
      '9-10',
      3,
      '1[9-10] can be read in two ways',
      'the digits inside the brackets such as [11-14]',
    ],
    ['x[1', '[', 1, 'this bracket is never closed', BRACKETS],
    ['x1]', ']', 2, 'no bracket was opened before this one', BRACKETS],
    ['x[[1]]', '[', 2, 'brackets cannot stand inside brackets', BRACKETS],
    [
      'x[1][2]',
      '[',
      4,
      'two brackets touch',
      'a letter or - between brackets such as r[1-2]n[1-4]',
    ],
    [
      'x[1]7[2]',
      '[',
      5,
      'only digits stand between two brackets',
      'a letter or - between brackets such as r[1-2]n[1-4]',
    ],
    ['compute-1,,compute-2', ',', 10, 'nothing stands before this operator', NODE_SET],
    ['compute-1!', '!', 9, 'nothing stands after this operator', NODE_SET],
    ['!compute-1', '!', 0, 'nothing stands before this operator', NODE_SET],
    ['  ', '  ', 0, 'no target was named', NODE_SET],
    ['compute 1', 'compute 1', 7, 'a space cannot stand in a name', NODE_SET],
    ['Compute-1', 'Compute-1', 0, 'names are written in lower case', NODE_SET],
    [
      'cоmpute-1',
      'cоmpute-1',
      1,
      'о is U+043E, a Cyrillic letter that looks like o',
      'the letters a to z, digits, . and -',
    ],
    [
      'x[1–3]',
      'x[1–3]',
      3,
      '– is U+2013, a dash that looks like -',
      'the letters a to z, digits, . and -',
    ],
    ['compute-1,compute-7', 'compute-7', 10, 'no host has this name', 'hosts of the inventory'],
    [
      'compute-[1-4]',
      'compute-[1-4]',
      0,
      'no host is called compute-3, nor 1 more of them',
      'hosts of the inventory',
    ],
    ['@builders!builder-99', 'builder-99', 10, 'no host has this name', 'hosts of the inventory'],
    [
      '@bilders',
      '@bilders',
      0,
      'no pool has this name',
      'one of the pools @builders, @compute, @spares',
    ],
    ['db-*', 'db-*', 0, 'no host matches this', 'a wildcard that matches hosts of the inventory'],
    [
      '@builders!db-*',
      'db-*',
      10,
      'no host matches this',
      'a wildcard that matches hosts of the inventory',
    ],
    ['@spares', '@spares', 0, 'this leaves no host', 'at least one host'],
    ['compute-1&compute-2', 'compute-1&compute-2', 0, 'this leaves no host', 'at least one host'],
    [
      'x[0-99999999]',
      '0-99999999',
      2,
      'these are more than 100,000 names',
      'a range of hosts that exist',
    ],
    [
      'x[1-1000]y[1-1000]',
      'x[1-1000]y[1-1000]',
      0,
      'these are more than 100,000 names',
      'a range of hosts that exist',
    ],
    ['x[0-1999]*', 'x[0-1999]*', 0, 'there are too many wildcards', 'at most 100 wildcards'],
  ])('%s', (expression, word, at, problem, expected) => {
    expect(findTargets(expression, facts)).toMatchObject({
      kind: 'problem',
      word,
      at,
      problem,
      expected,
    });
  });

  test.each([
    ['compute-7', 'compute-1'],
    ['bulider-07', 'builder-07'],
    ['@bilders', '@builders'],
    ['cоmpute-1', 'compute-1'],
    ['nothing-like-it', undefined],
  ])('for %s the nearest known name is %s', (expression, meant) => {
    const found = findTargets(expression, facts);
    expect(found.kind === 'problem' && found.meant).toBe(meant);
  });

  test('the example is accepted as things are', () => {
    const found = findTargets('nowhere', facts);
    expect(found.kind === 'problem' && hostsOf(found.example)).toEqual(hostsOf('@builders'));
  });
});

// Recorded from `nodeset -f` of ClusterShell 1.10.1.
describe('hosts fold to what nodeset -f prints', () => {
  test.each([
    ['builder-01 builder-02 builder-03 builder-07', 'builder-[01-03,07]'],
    ['builder-9 builder-10 builder-08 builder-09', 'builder-[9,08-10]'],
    ['web web2 web1', 'web,web[1-2]'],
    ['web7', 'web7'],
    ['r1n1 r1n2 r2n1 r2n2', 'r[1-2]n[1-2]'],
    ['r1n1 r1n2 r2n1', 'r1n[1-2],r2n1'],
    ['n01 n10 n99 n100', 'n[01,10,99,100]'],
    ['', ''],
  ])('%s', (hosts, folded) => {
    expect(foldHosts(hosts.split(' ').filter(Boolean))).toBe(folded);
  });
});

const index = fc.constantFrom('1', '2', '3', '9', '10', '11', '01', '02', '09', '010', '99', '100');
const name = fc.oneof(
  fc.tuple(fc.constantFrom('a', 'b-'), index).map((parts) => parts.join('')),
  fc.tuple(index, index).map(([one, other]) => `r${one}n${other}`),
  fc.constant('web'),
);
const nameSet = fc.uniqueArray(name, { minLength: 1, maxLength: 25 });
const expanded = (expression: string) => new Set(namesIn(expression));

test('folding and reading again gives the same names', () => {
  fc.assert(
    fc.property(nameSet, (names) => {
      expect(expanded(foldHosts(names))).toEqual(new Set(names));
    }),
  );
});

test('the order in which hosts come does not change how they fold', () => {
  fc.assert(
    fc.property(nameSet, (names) => {
      expect(foldHosts(names.toReversed())).toBe(foldHosts(names));
    }),
  );
});

test('the operators are those of sets', () => {
  const everyHost = fc.subarray([...facts.hosts], { minLength: 1 });
  fc.assert(
    fc.property(everyHost, everyHost, (some, others) => {
      const [one, other] = [new Set(some), new Set(others)];
      const [a, b] = [foldHosts(some), foldHosts(others)];
      const set = (expression: string) => {
        const found = findTargets(expression, facts);
        return new Set<string>(found.kind === 'targets' ? found.hosts : []);
      };
      expect(set(`${a},${b}`)).toEqual(one.union(other));
      // A folded set may hold commas, which end the operand: subtract and intersect name by name.
      expect(set([a, ...others].join('!'))).toEqual(one.difference(other));
      expect(set([a, ...others].join('^'))).toEqual(one.symmetricDifference(other));
      expect(set(`${a}&${others[0]}`)).toEqual(one.intersection(new Set([others[0] ?? ''])));
    }),
  );
});

test('no expression throws, and none gives a host that is not known', () => {
  const unit = fc.constantFrom(...'@*?!&^,[]-/0129 ', 'compute-', 'builder-', 'r', 'n', 'о', '🔁');
  fc.assert(
    fc.property(fc.string({ unit }), (expression) => {
      const found = findTargets(expression, facts);
      if (found.kind === 'problem') expect(found.problem).not.toBe('');
      else expect(found.hosts.filter((host) => !facts.hosts.has(host))).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

test('one name among ten thousand hosts is found without going through them', () => {
  const hosts = {
    has: (wanted: string) => wanted === 'web7',
    keys: () => {
      throw new Error('went through all');
    },
  };
  expect(hostsOf('web7', { hosts, pools: new Map() })).toEqual(['web7']);
});

test('pools may be many, but not without end', () => {
  expect(hostsOf(Array(1_000).fill('@compute').join(','))).toEqual(['compute-1', 'compute-2']);
  expect(findTargets(Array(1_001).fill('@compute').join(','), facts)).toMatchObject({
    problem: 'there are too many pools',
    expected: 'at most 1,000 pools',
    at: 9_000,
  });
});
