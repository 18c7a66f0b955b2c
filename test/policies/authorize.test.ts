import { describe, expect, it } from 'vitest';
import { EnvironmentName, HostName, ImageName, PoolName } from '../../src/domain/ids.ts';
import { type Ask, authorize } from '../../src/policies/authorize.ts';
import { explainRules } from '../../src/policies/explain.ts';
import type { Rule } from '../../src/policies/rule.ts';
import type { Target } from '../../src/policies/target.ts';
import { ana, eve, group, kim, lou } from './people.ts';
import { ON_MATRIX, policyWith } from './policy.ts';

const builders = PoolName.parse('builders');
const staging = EnvironmentName.parse('staging');
const f43 = ImageName.parse('f43-builder');
const builder07: Target = {
  host: HostName.parse('builder-07'),
  pool: builders,
  environment: staging,
};

const rule = (line: number, change: Partial<Rule>): Rule => ({
  place: `signalbox.yaml:${line}`,
  allow: ['reimage'],
  on: {},
  to: [group('sysadmin-builders')],
  approvals: {},
  ...change,
});
const demand = (count: number, ...groups: string[]) => ({
  destructive: { count, groups: groups.map(group) },
});
const ask = (change: Partial<Ask> = {}): Ask => ({
  person: ana,
  command: 'reimage',
  risk: 'destructive',
  target: builder07,
  from: ON_MATRIX,
  ...change,
});

describe('a rule grants a command', () => {
  const cases: readonly [title: string, change: Partial<Rule>, ask: Partial<Ask>, kind: string][] =
    [
      ['to the groups it names', {}, {}, 'allow'],
      ['not to others', {}, { person: kim }, 'refuse'],
      ['not to somebody without groups', {}, { person: lou }, 'refuse'],
      ['not to people nobody knows', {}, { person: undefined }, 'refuse'],
      [
        'to everybody when it says anyone',
        { to: [group('anyone')] },
        { person: undefined },
        'allow',
      ],
      ['not to anybody when it names no group', { to: [] }, {}, 'refuse'],
      ['and no other command', {}, { command: 'drain' }, 'refuse'],
      ['and any other when it says *', { allow: ['*'] }, { command: 'drain' }, 'allow'],
      ['in an environment it names', { on: { environments: [staging] } }, {}, 'allow'],
      [
        'not in another environment',
        { on: { environments: [staging] } },
        { target: { ...builder07, environment: EnvironmentName.parse('production') } },
        'refuse',
      ],
      ['on a pool it names', { on: { pools: [builders] } }, {}, 'allow'],
      ['not on another pool', { on: { pools: [PoolName.parse('web')] } }, {}, 'refuse'],
      ['on hosts its pattern matches', { on: { hosts: ['builder-*'] } }, {}, 'allow'],
      ['not on other hosts', { on: { hosts: ['web-*'] } }, {}, 'refuse'],
      [
        'with an image it names',
        { on: { images: [f43] } },
        { target: { ...builder07, image: f43 } },
        'allow',
      ],
      ['not without an image when it names one', { on: { images: [f43] } }, {}, 'refuse'],
      [
        'not without a target when it has a scope',
        { on: { pools: [builders] } },
        { target: undefined },
        'refuse',
      ],
      [
        'only where each dimension of its scope fits',
        { on: { pools: [builders], hosts: ['web-*'] } },
        {},
        'refuse',
      ],
    ];
  for (const [title, change, asked, kind] of cases) {
    it(title, () => expect(authorize(ask(asked), policyWith([rule(31, change)])).kind).toBe(kind));
  }

  it('by a pattern that means its dots', () => {
    const hosts = ['web.example.org'];
    const host = HostName.parse('web-example-org');
    const decided = authorize(ask({ target: { host } }), policyWith([rule(31, { on: { hosts } })]));
    expect(decided.kind).toBe('refuse');
  });
});

describe('commands that read', () => {
  for (const command of ['help', 'whoami', 'status']) {
    it(`${command} is for everybody, by no rule`, () => {
      const decided = authorize(ask({ person: undefined, command }), policyWith([]));
      expect(decided).toEqual({ kind: 'allow', rule: 'built in' });
    });
  }
  for (const command of ['ops', 'show', 'log', 'locks', 'plan', 'why']) {
    it(`${command} is for people the directory knows, or whom a rule lets`, () => {
      const stranger = ask({ person: undefined, command, target: undefined });
      expect(authorize({ ...stranger, person: lou }, policyWith([])).kind).toBe('allow');
      expect(authorize(stranger, policyWith([]))).toEqual({
        kind: 'refuse',
        because: `the directory does not know you; ${command} is for people it knows`,
        next: 'Ask for an entry in the directory.',
      });
      const open = rule(31, { allow: [command], to: [group('anyone')] });
      expect(authorize(stranger, policyWith([open])).kind).toBe('allow');
    });
  }
});

describe('several rules', () => {
  it('are grants: the one that demands the fewest approvals holds, wherever it stands', () => {
    const two = rule(31, { approvals: demand(2, 'sysadmin-main') });
    const one = rule(40, { approvals: demand(1, 'sysadmin-main') });
    const held = { kind: 'allow', rule: 'signalbox.yaml:40', demand: one.approvals.destructive };
    expect(authorize(ask(), policyWith([two, one]))).toEqual(held);
    expect(authorize(ask(), policyWith([one, two]))).toEqual(held);
  });

  it('that demand as much: the first holds', () => {
    const first = rule(31, { approvals: demand(1, 'sysadmin-main') });
    const second = rule(40, { approvals: demand(1, 'sysadmin-builders') });
    expect(authorize(ask(), policyWith([first, second]))).toMatchObject({
      rule: 'signalbox.yaml:31',
    });
  });

  it('do not borrow from one another: a gentler rule for others changes nothing', () => {
    const mine = rule(31, { approvals: demand(2, 'sysadmin-main') });
    const theirs = rule(40, { to: [group('community')] });
    expect(authorize(ask(), policyWith([mine, theirs]))).toMatchObject({
      rule: 'signalbox.yaml:31',
    });
  });

  it('demand nothing at a risk they do not list, or list with none', () => {
    const strict = rule(31, { approvals: demand(1, 'sysadmin-main') });
    expect(authorize(ask({ risk: 'routine' }), policyWith([strict]))).not.toHaveProperty('demand');
    const none = rule(31, { approvals: demand(0, 'sysadmin-main') });
    expect(authorize(ask(), policyWith([none]))).not.toHaveProperty('demand');
  });
});

describe('a refusal', () => {
  it('names the groups that could, and where it says so', () => {
    expect(authorize(ask({ person: kim }), policyWith([rule(31, {})]))).toEqual({
      kind: 'refuse',
      because:
        'kim is in community; reimage on builder-07 (staging) is granted to sysadmin-builders (signalbox.yaml:31)',
      next: 'Ask somebody of sysadmin-builders.',
    });
  });

  it('names all of them', () => {
    const rules = [rule(31, {}), rule(40, { allow: ['*'], to: [group('sysadmin-main')] })];
    expect(authorize(ask({ person: lou }), policyWith(rules))).toEqual({
      kind: 'refuse',
      because:
        'lou is in no group; reimage on builder-07 (staging) is granted to sysadmin-builders (signalbox.yaml:31), sysadmin-main (signalbox.yaml:40)',
      next: 'Ask somebody of sysadmin-builders or sysadmin-main.',
    });
  });

  it('says when no rule grants it to anybody', () => {
    const target = { ...builder07, image: f43 };
    expect(authorize(ask({ command: 'provision', target }), policyWith([rule(31, {})]))).toEqual({
      kind: 'refuse',
      because:
        'ana is in sysadmin-builders; no rule grants provision on builder-07 (staging) with f43-builder',
      next: 'Ask whoever keeps the rules to add one.',
    });
  });

  it('writes a pool as people do', () => {
    const target = { pool: builders };
    expect(authorize(ask({ command: 'refresh', target }), policyWith([]))).toMatchObject({
      because: 'ana is in sysadmin-builders; no rule grants refresh on @builders',
    });
  });
});

describe('explaining rules', () => {
  it('says a line for each, and what follows', () => {
    const rules = [
      rule(31, { allow: ['drain', 'undrain'] }),
      rule(35, { on: { environments: [EnvironmentName.parse('production')] } }),
      rule(40, { to: [group('sysadmin-main')] }),
      rule(44, { approvals: demand(2, 'sysadmin-main') }),
      rule(50, {}),
    ];
    expect(explainRules(ask(), policyWith(rules))).toEqual([
      'signalbox.yaml:31: is about drain, undrain',
      'signalbox.yaml:35: is only for the environments production',
      'signalbox.yaml:40: is for sysadmin-main',
      'signalbox.yaml:44: grants it with 2 of sysadmin-main',
      'signalbox.yaml:50: grants it without approval',
      'allowed by signalbox.yaml:50: needs no approval',
    ]);
  });

  it('says what is needed, or why it is refused', () => {
    const rules = [rule(44, { approvals: demand(1, 'sysadmin-main') })];
    expect(explainRules(ask(), policyWith(rules)).at(-1)).toBe(
      'allowed by signalbox.yaml:44: needs 1 approval from sysadmin-main',
    );
    expect(explainRules(ask({ person: eve }), policyWith(rules)).at(-1)).toBe(
      'refused: eve is in sysadmin-main; reimage on builder-07 (staging) is granted to sysadmin-builders (signalbox.yaml:44). Ask somebody of sysadmin-builders.',
    );
  });
});
