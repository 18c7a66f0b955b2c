import { describe, expect, it } from 'vitest';
import {
  type ApprovalAsk,
  type CountFacts,
  countApprovals,
  mayApprove,
} from '../../src/policies/approvals.ts';
import { ana, ben, eve, kim } from './people.ts';

const groups: Readonly<Record<string, readonly string[]>> = {
  ana: ['sysadmin-builders'],
  ben: ['sysadmin-builders'],
  eve: ['sysadmin-main'],
  kim: ['community'],
};
const given = (person: { id: typeof ana.id }, subject = 'plan 1') => ({
  by: person.id,
  subject,
  network: 'matrix',
});
const facts = (change: Partial<CountFacts>): CountFacts => ({
  requester: ana.id,
  subject: 'plan 1',
  demand: { count: 1, groups: ['sysadmin-builders', 'sysadmin-main'] },
  approvals: [],
  groupsOf: (person) => groups[person],
  weaknessOf: () => undefined,
  selfApproval: [],
  ...change,
});
const two = { count: 2, groups: ['sysadmin-builders', 'sysadmin-main'] };

describe('counting approvals', () => {
  it('takes those of other people in one of the groups', () => {
    const approvals = [given(ben), given(eve)];
    expect(countApprovals(facts({ demand: two, approvals }))).toEqual({
      kind: 'enough',
      by: [ben.id, eve.id],
    });
  });

  const cases: readonly [string, Partial<CountFacts>, string | undefined][] = [
    ['counts nothing where nobody approved', {}, undefined],
    ['does not count the requester', { approvals: [given(ana)] }, 'asked for it'],
    ['does not count another plan', { approvals: [given(ben, 'plan 0')] }, 'approved another plan'],
    [
      'does not count somebody who is not in the groups any more',
      { approvals: [given(kim)] },
      'is not in sysadmin-builders or sysadmin-main any more',
    ],
    [
      'does not count somebody who has left',
      { approvals: [given(ben)], groupsOf: () => [] },
      'is not in sysadmin-builders or sysadmin-main any more',
    ],
  ];
  for (const [title, change, because] of cases) {
    it(title, () => {
      const by = change.approvals?.[0]?.by;
      const discounted = because === undefined ? [] : [{ by, because }];
      expect(countApprovals(facts(change))).toEqual({ kind: 'missing', missing: 1, discounted });
    });
  }

  it('counts a person once', () => {
    const approvals = [given(ben), given(ben)];
    expect(countApprovals(facts({ demand: two, approvals }))).toEqual({
      kind: 'missing',
      missing: 1,
      discounted: [],
    });
  });

  it('does not count what came from a network that does not prove enough by now', () => {
    const weaknessOf = (network: string) =>
      network === 'irc' ? ({ kind: 'refuse', because: 'weak', next: 'x' } as const) : undefined;
    const fromIrc = { ...given(ben), network: 'irc' };
    expect(countApprovals(facts({ approvals: [fromIrc], weaknessOf }))).toEqual({
      kind: 'missing',
      missing: 1,
      discounted: [{ by: ben.id, because: 'approved from irc, which does not prove enough' }],
    });
    expect(countApprovals(facts({ approvals: [fromIrc, given(ben)], weaknessOf })).kind).toBe(
      'enough',
    );
  });

  it("counts the requester's own where the site says so of that very person, as one", () => {
    const own = { approvals: [given(ana)], selfApproval: [ana.id] };
    expect(countApprovals(facts(own)).kind).toBe('enough');
    expect(countApprovals(facts({ ...own, demand: two })).kind).toBe('missing');
    expect(countApprovals(facts({ ...own, selfApproval: [ben.id] })).kind).toBe('missing');
  });

  it('counts somebody who approved an earlier plan and then this one', () => {
    const approvals = [given(ben, 'plan 0'), given(ben)];
    expect(countApprovals(facts({ approvals })).kind).toBe('enough');
  });

  describe('while the directory is silent', () => {
    const groupsOf = (person: string) => (person === 'eve' ? undefined : groups[person]);

    it('does not know when it hangs on somebody it was asked about', () => {
      expect(countApprovals(facts({ approvals: [given(eve)], groupsOf }))).toEqual({
        kind: 'unavailable',
        because: 'the directory did not answer about eve',
      });
    });

    it('has enough when the others are enough', () => {
      const approvals = [given(eve), given(ben)];
      expect(countApprovals(facts({ approvals, groupsOf }))).toEqual({
        kind: 'enough',
        by: [ben.id],
      });
    });

    it('is missing some when even they would not be enough', () => {
      const counted = countApprovals(facts({ demand: two, approvals: [given(eve)], groupsOf }));
      expect(counted).toMatchObject({ kind: 'missing', missing: 2 });
    });
  });
});

describe('who may approve', () => {
  const awaiting = {
    subject: 'plan 1',
    code: 'c4f1',
    demand: { count: 2, groups: ['sysadmin-builders', 'sysadmin-main'] },
    expiresAt: 2_000,
  };
  const asking = (change: Partial<ApprovalAsk> = {}): ApprovalAsk => ({
    op: 'op-7k2m',
    person: ben,
    requester: ana.id,
    awaiting,
    meant: { code: 'c4f1' },
    approvedBy: [],
    network: 'matrix',
    weaknessOf: () => undefined,
    selfApproval: [],
    now: 1_000,
    prefix: '!',
    ...change,
  });
  const show = 'Look at it again with !show op-7k2m.';
  const ask = 'Ask somebody of sysadmin-builders or sysadmin-main.';

  for (const meant of [{ code: 'c4f1' }, { code: 'C4F1' }, { subject: 'plan 1' }]) {
    it(`lets a member of the groups who means the plan by ${JSON.stringify(meant)}`, () => {
      expect(mayApprove(asking({ meant }))).toEqual({ kind: 'allow' });
    });
  }

  const refusals: readonly [string, Partial<ApprovalAsk>, because: string, next: string][] = [
    [
      'somebody without the right',
      { person: kim },
      'kim is in community; approving op-7k2m takes somebody of sysadmin-builders or sysadmin-main',
      ask,
    ],
    [
      'the requester',
      { person: ana },
      'ana asked for op-7k2m, and nobody approves their own request',
      ask,
    ],
    [
      'another code, without telling the right one',
      { meant: { code: '9ab2' } },
      '9ab2 is not the code of the plan that op-7k2m has now',
      show,
    ],
    [
      'a reaction to what was superseded',
      { meant: { subject: 'plan 0' } },
      'that message is not about the plan that op-7k2m has now',
      show,
    ],
    [
      'a network that does not prove enough',
      { weaknessOf: () => ({ kind: 'refuse', because: 'irc is too weak', next: 'Go away.' }) },
      'irc is too weak',
      'Go away.',
    ],
    [
      'what comes too late',
      { now: 2_000 },
      'the time to approve op-7k2m is over',
      'Ask for it again.',
    ],
    [
      'what is not awaited',
      { awaiting: { instead: 'is running' } },
      'op-7k2m does not wait for approval: it is running',
      show,
    ],
    [
      'the same person again',
      { approvedBy: [given(ben)] },
      'ben has approved op-7k2m already',
      'Nothing more to do.',
    ],
  ];
  for (const [title, change, because, next] of refusals) {
    it(`refuses ${title}`, () => {
      expect(mayApprove(asking(change))).toEqual({ kind: 'refuse', because, next });
    });
  }

  it('lets the requester where the site says so of that very person, with everything else it takes', () => {
    const own = { person: ana, selfApproval: [ana.id] };
    expect(mayApprove(asking(own)).kind).toBe('allow');
    expect(mayApprove(asking({ ...own, selfApproval: [ben.id] })).kind).toBe('refuse');
    expect(mayApprove(asking({ ...own, meant: { code: '9ab2' } })).kind).toBe('refuse');
    expect(mayApprove(asking({ ...own, person: { ...ana, groups: [] } })).kind).toBe('refuse');
  });

  it('lets somebody approve again from a network that proves more', () => {
    const weaknessOf = (network: string) =>
      network === 'irc' ? ({ kind: 'refuse', because: 'weak', next: 'x' } as const) : undefined;
    const approvedBy = [{ ...given(ben), network: 'irc' }];
    expect(mayApprove(asking({ approvedBy, weaknessOf })).kind).toBe('allow');
    expect(mayApprove(asking({ approvedBy: [given(ben)], weaknessOf })).kind).toBe('refuse');
  });

  it('does not tell somebody without the right whether a code was right', () => {
    const right = mayApprove(asking({ person: kim }));
    expect(mayApprove(asking({ person: kim, meant: { code: '9ab2' } }))).toEqual(right);
  });

  it('lets somebody approve a plan that superseded the one they had approved', () => {
    expect(mayApprove(asking({ approvedBy: [given(ben, 'plan 0')] })).kind).toBe('allow');
  });
});
