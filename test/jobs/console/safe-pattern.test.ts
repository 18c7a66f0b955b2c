import { describe, expect, it } from 'vitest';
import { LONGEST_LINE } from '../../../src/jobs/console/console-lines.ts';
import { patternProblem } from '../../../src/jobs/console/safe-pattern.ts';

describe('a pattern of a site', () => {
  it.each([
    'Install of \\S+ failed',
    '^\\[FAILED\\] .* kojid',
    '(?:disk|raid) (?<what>error|fault)',
    'colou?r[*+?(]{1,2}x',
    '\\(a\\)\\+\\(b\\)\\*\\{3\\}c*',
    'a.*?b+',
  ])('may be %s', (source) => {
    expect(patternProblem(source)).toBeUndefined();
  });

  it.each([
    ['(a+)+$', 'no group that is repeated'],
    ['x(?:a|aa)*$', 'no group that is repeated'],
    ['(a){2,}', 'no group that is repeated'],
    ['a*b*c*d', 'at most 2 of *, + and {n,m}'],
    ['x{1,100}y{1,100}z{1,100}', 'at most 2 of *, + and {n,m}'],
    ['a?a?a?a?a?aaaaa', 'at most 4 of ? and |'],
    ['(a)\\1', 'no back-references'],
    ['(?<x>a)\\k<x>', 'no back-references'],
    ['(?=a)b', 'nothing that looks ahead or behind'],
    ['(?<!a)b', 'nothing that looks ahead or behind'],
    ['.*', 'a pattern that an empty line does not match'],
    ['a|', 'a pattern that an empty line does not match'],
    ['x'.repeat(201), 'a pattern of at most 200 characters'],
  ])('may not be %s', (source, wanted) => {
    expect(patternProblem(source)).toBe(wanted);
  });

  it('may not be what is no regular expression', () => {
    expect(patternProblem('a(')).toMatch(/^a regular expression \(Invalid regular expression/);
  });

  it.each([
    ['a.*b.*c', 'ab'.repeat(LONGEST_LINE / 2)],
    ['a?a?a?a?x.*y.*z', 'ax'.repeat(LONGEST_LINE / 2)],
    ['(a|b|c|a|a)z.*y.*x', 'az'.repeat(LONGEST_LINE / 2)],
    ['\\s+\\S+!', `${' '.repeat(LONGEST_LINE / 2)}${'x'.repeat(LONGEST_LINE / 2)}`],
  ])('takes no time to speak of on the worst line: %s', (source, line) => {
    expect(patternProblem(source)).toBeUndefined();
    const pattern = new RegExp(source, 'u');
    const started = performance.now();
    for (let times = 0; times < 10; times += 1) pattern.test(line);
    // A second for ten lines would still be a hundred times what it takes.
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
