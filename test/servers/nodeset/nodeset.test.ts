import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { foldHosts } from '../../../src/bot/grammar/fold-hosts.ts';
import { findTargets, type TargetFacts } from '../../../src/bot/grammar/node-set.ts';
import { HostName, PoolName } from '../../../src/domain/ids.ts';
import { generatedExpressions } from './generated-expressions.ts';
import { type Answer, type RealNodeset, realNodeset } from './real-nodeset.ts';

const COUNT = 3_000;
const SEED = 20_261_121;

const members = {
  builders: ['builder-01', 'builder-02', 'builder-10'],
  compute: ['compute-1', 'compute-2'],
  spares: [],
  nodes1: ['r1n1', 'r1n2'],
  nodes2: ['r2n1'],
  rest: ['web1', 'web2', 'db', 'r3n3', 'n-3'],
};
const pools = new Map(
  Object.entries(members).map(
    ([pool, hosts]) => [PoolName.parse(pool), hosts.map((host) => HostName.parse(host))] as const,
  ),
);

/** Any host exists, as for `nodeset`, which looks none up. Wildcards are about those in pools, as they are there. */
const facts: TargetFacts = {
  hosts: { has: () => true, keys: () => [...pools.values()].flat() },
  pools,
};

interface Difference {
  readonly what: string;
  /** The problem that we find in it. */
  readonly problem: RegExp;
  /** What `nodeset` takes. Printed: what it makes of it. */
  readonly example: string;
  readonly printed: string;
}

/** What we refuse and `nodeset` takes. A command that changes hosts asks rather than guesses. */
const STRICTER: readonly Difference[] = [
  {
    what: 'an expression that leaves nothing is an error, never nothing to do',
    problem: /^this leaves no host$/,
    example: 'web1!web1',
    printed: '',
  },
  {
    what: 'an empty line means nobody in particular, so it is an error',
    problem: /^no target was named$/,
    example: ' ',
    printed: '',
  },
  {
    what: 'a pool that is not known is a typo and not empty',
    problem: /^no pool (?:has this name|is called )/,
    example: '@builders!@nope',
    printed: 'builder-01 builder-02 builder-10',
  },
  {
    what: 'a wildcard that matches nothing is a typo and not empty',
    problem: /^no host matches this$/,
    example: 'web1,nothing-*',
    printed: 'web1',
  },
  {
    what: 'a range is a range of wildcards too, and a hundred of them are enough',
    problem: /^there are too many wildcards$/,
    example: 'web1,x?[1-101]',
    printed: 'web1',
  },
  {
    what: 'digits before a range whose numbers have different lengths can be read in two ways',
    problem: /can be read in two ways$/,
    example: 'web1[9-11]&web1[09-11]',
    printed: 'web109 web110 web111',
  },
  {
    what: 'a negative number that touches digits can be read in two ways',
    problem: /^a negative number cannot touch other digits$/,
    example: 'n8[-3]&n83',
    printed: 'n83',
  },
  {
    what: 'names have the characters that host names have',
    problem: /^(?:[:_@%/?]|a space) cannot stand in a name$/,
    example: 'web_1',
    printed: 'web_1',
  },
  {
    what: 'names are in lower case',
    problem: /^names are written in lower case$/,
    example: 'Web1',
    printed: 'Web1',
  },
  {
    what: 'nothing between two commas in brackets is a slip of the hand',
    problem: /^a number is missing here$/,
    example: 'web[1,]5',
    printed: 'web5 web15',
  },
  {
    what: 'a step goes with a range, whatever is one number',
    problem: /^a step needs a range$/,
    example: 'n[-18/4]',
    printed: 'n-18',
  },
  {
    what: 'two ranges that a missing comma made one are not guessed at',
    problem: /^this is not a range of numbers$/,
    example: 'n[1-2-3]',
    printed: 'n-2 n-1 n0 n1 n2 n3',
  },
];

describe('an expression means what it means to nodeset', () => {
  let nodeset: RealNodeset;
  beforeAll(() => {
    nodeset = realNodeset(new Map(pools));
  });
  afterAll(() => nodeset?.remove());
  const expand = (expressions: readonly string[]) =>
    nodeset.run(expressions.map((expression) => ['-e', '--', expression]));

  it(`in ${COUNT} generated ones, for what they expand to and how that is folded`, () => {
    const expressions = generatedExpressions(COUNT, SEED);
    const answers = expand(expressions);
    const verdicts = expressions.map((expression, index) =>
      compare(expression, answers[index] as Answer),
    );
    expect(verdicts.flatMap((verdict) => verdict.wrong ?? [])).toEqual([]);
    const sets = verdicts.flatMap(({ hosts }) => (hosts === undefined ? [] : [hosts]));
    const refusedByBoth = verdicts.filter(({ bothRefuse }) => bothRefuse).length;
    expect({ many: sets.length > 1_200, refused: refusedByBoth > 300 }).toEqual({
      many: true,
      refused: true,
    });
    const folded = nodeset.run(sets.map((hosts) => ['-f', '--', ...hosts]));
    expect(sets.map((hosts) => foldHosts(hosts))).toEqual(
      folded.map((answer) => (answer.kind === 'printed' ? answer.text : answer.complaint)),
    );
  });

  test.each(STRICTER)('but: $what', ({ problem, example, printed }) => {
    const found = findTargets(example, facts);
    expect(found).toMatchObject({ kind: 'problem', problem: expect.stringMatching(problem) });
    expect(expand([example])).toEqual([{ kind: 'printed', text: printed }]);
  });

  it('but: an expression of more hosts than anybody has is not written out', () => {
    expect(findTargets('n[1-200000]', facts)).toMatchObject({
      kind: 'problem',
      problem: 'these are more than 100,000 names',
    });
    expect(nodeset.run([['-c', '--', 'n[1-200000]']])).toEqual([
      { kind: 'printed', text: '200000' },
    ]);
  });
});

interface Verdict {
  readonly wrong?: string;
  readonly hosts?: readonly HostName[];
  readonly bothRefuse?: boolean;
}

function compare(expression: string, answer: Answer): Verdict {
  const found = findTargets(expression, facts);
  if (found.kind === 'problem') {
    if (answer.kind === 'refused') return { bothRefuse: true };
    const known = STRICTER.some(({ problem }) => problem.test(found.problem));
    return known ? {} : { wrong: `${expression}: ${found.problem}; nodeset: ${answer.text}` };
  }
  if (answer.kind === 'refused') return { wrong: `${expression}: nodeset: ${answer.complaint}` };
  const theirs = new Set<string>(answer.text.split(' '));
  const odd = new Set<string>(found.hosts).symmetricDifference(theirs);
  if (odd.size === 0) return { hosts: found.hosts };
  return { wrong: `${expression}: only one of us has ${[...odd].slice(0, 10).join(' ')}` };
}
