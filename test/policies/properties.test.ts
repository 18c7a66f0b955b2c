import fc from 'fast-check';
import { describe, it } from 'vitest';
import {
  EnvironmentName,
  type GroupName,
  HostName,
  PoolName,
  UserId,
} from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/inventory.ts';
import { RISKS, type Risk } from '../../src/domain/risk.ts';
import { countApprovals, mayApprove } from '../../src/policies/approvals.ts';
import { type Ask, authorize } from '../../src/policies/authorize.ts';
import type { Rule } from '../../src/policies/rule.ts';
import { policyWith } from './policy.ts';

const GROUPS = ['admins', 'builders', 'interns', 'anyone'] as GroupName[];
const PEOPLE = ['ana', 'ben', 'cat'].map((name) => UserId.parse(name));
const NETWORKS = ['irc', 'matrix', 'terminal', 'unheard-of'];
const ENVIRONMENTS = ['staging', 'production'].map((name) => EnvironmentName.parse(name));

const some = <T>(of: readonly T[]) => fc.subarray([...of], { minLength: 1 });
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const place = fc.record({
  network: fc.constantFrom(...NETWORKS),
  channel: fc.constantFrom('#ops', '#farm'),
});
const demand = fc.record({ count: fc.nat(3), groups: some(GROUPS) });
const risks = fc.dictionary(fc.constantFrom<Risk>(...RISKS), demand) as fc.Arbitrary<
  Rule['approvals']
>;
const rule: fc.Arbitrary<Rule> = fc
  .record({
    allow: some(['*', 'reimage', 'drain']),
    environments: maybe(some(ENVIRONMENTS)),
    hosts: maybe(some(['builder-*', 'web-01'])),
    from: maybe(fc.array(place)),
    to: fc.subarray(GROUPS),
    approvals: risks,
  })
  .map(({ allow, environments, hosts, from, to, approvals }) => ({
    place: 'signalbox.yaml:1',
    allow,
    on: { ...(environments && { environments }), ...(hosts && { hosts }) },
    ...(from && { from }),
    to,
    approvals,
  }));
const person: fc.Arbitrary<Person> = fc.record({
  id: fc.constantFrom(...PEOPLE),
  groups: fc.subarray(GROUPS.slice(0, 3)),
});
const ask: fc.Arbitrary<Ask> = fc.record({
  person: maybe(person),
  command: fc.constantFrom('reimage', 'drain', 'lock'),
  risk: fc.constantFrom<Risk>(...RISKS),
  target: maybe(
    fc.record({
      host: fc.constantFrom('builder-01', 'web-01', 'web-02').map((name) => HostName.parse(name)),
      pool: fc.constantFrom('builders', 'web').map((name) => PoolName.parse(name)),
      environment: fc.constantFrom(...ENVIRONMENTS),
    }),
  ),
  from: maybe(place),
});

describe('whatever the rules are', () => {
  it('one more never takes away, and never takes more approvals', () => {
    fc.assert(
      fc.property(fc.array(rule), rule, fc.nat(5), ask, (rules, added, at, asked) => {
        const before = authorize(asked, policyWith(rules));
        const after = authorize(asked, policyWith(rules.toSpliced(at, 0, added)));
        if (before.kind === 'refuse') return true;
        if (after.kind === 'refuse') return false;
        return (after.demand?.count ?? 0) <= (before.demand?.count ?? 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('nobody approves what they asked for', () => {
    fc.assert(
      fc.property(fc.array(rule), person, ask, (rules, requester, asked) => {
        const authorized = authorize({ ...asked, person: requester }, policyWith(rules));
        if (authorized.kind === 'refuse' || authorized.demand === undefined) return true;
        const common = { requester: requester.id, ...LENIENT };
        const { demand } = authorized;
        const own = { by: requester.id, subject: 'plan', network: 'matrix' };
        const counted = countApprovals({
          ...common,
          subject: 'plan',
          demand,
          approvals: [own, own, own],
          groupsOf: () => GROUPS,
        });
        const may = mayApprove({
          ...common,
          op: 'op-1',
          person: { ...requester, groups: GROUPS },
          awaiting: { subject: 'plan', code: 'c4f1', demand, expiresAt: 2 },
          meant: { code: 'c4f1' },
          approvedBy: [],
          network: 'matrix',
          now: 1,
          prefix: '!',
        });
        return counted.kind !== 'enough' && may.kind === 'refuse';
      }),
      { numRuns: 2_000 },
    );
  });

  it('what nobody could be asked about never counts as a yes', () => {
    const given = fc.record({
      by: fc.constantFrom(...PEOPLE),
      subject: fc.constantFrom('plan', 'another plan'),
      network: fc.constantFrom(...NETWORKS),
    });
    const known = fc.dictionary(fc.constantFrom('ana', 'ben', 'cat'), fc.subarray(GROUPS));
    fc.assert(
      fc.property(fc.array(given), demand, known, (approvals, wanted, groups) => {
        const facts = { requester: PEOPLE[0] as UserId, subject: 'plan', approvals, ...LENIENT };
        const judged = { ...facts, demand: { ...wanted, count: Math.max(1, wanted.count) } };
        const asNobody = countApprovals({ ...judged, groupsOf: (id) => groups[id] ?? [] });
        const asUnknown = countApprovals({ ...judged, groupsOf: (id) => groups[id] });
        return asUnknown.kind !== 'enough' || asNobody.kind === 'enough';
      }),
      { numRuns: 2_000 },
    );
  });
});

const LENIENT = { weaknessOf: () => undefined, selfApproval: [] };
