import { describe, expect, it } from 'vitest';
import { GroupName, UserId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/inventory.ts';
import type { Rule } from '../../src/policies/rule.ts';
import { decideTakeover } from '../../src/policies/takeover.ts';
import { ON_MATRIX, policyWith } from './policy.ts';

const admins = GroupName.parse('sysadmins');
const person = (id: string, ...groups: string[]): Person => ({
  id: UserId.parse(id),
  groups: groups.map((group) => GroupName.parse(group)),
});
const ana = person('ana', 'sysadmins');
const ben = person('ben', 'sysadmins');
const dan = person('dan', 'developers');
const ask = { command: 'takeover', risk: 'destructive', target: {}, from: ON_MATRIX } as const;
const grant: Rule = { place: 'a:1', allow: ['takeover'], on: {}, to: [admins], approvals: {} };
const withTwo: Rule = { ...grant, approvals: { destructive: { count: 1, groups: [admins] } } };

describe('a takeover', () => {
  it('needs one person where the rules demand no approval', () => {
    expect(decideTakeover({ person: ana, ask, before: [] }, policyWith([grant])).kind).toBe('take');
    expect(decideTakeover({ person: dan, ask, before: [] }, policyWith([grant])).kind).toBe(
      'refuse',
    );
    expect(decideTakeover({ person: dan, ask, before: [ana] }, policyWith([grant])).kind).toBe(
      'refuse',
    );
  });

  it('needs as many others as the rules demand', () => {
    expect(decideTakeover({ person: ana, ask, before: [] }, policyWith([withTwo])).kind).toBe(
      'ask',
    );
    expect(decideTakeover({ person: ana, ask, before: [ana] }, policyWith([withTwo])).kind).toBe(
      'refuse',
    );
    expect(decideTakeover({ person: dan, ask, before: [ana] }, policyWith([withTwo])).kind).toBe(
      'refuse',
    );
    expect(decideTakeover({ person: ben, ask, before: [ana] }, policyWith([withTwo])).kind).toBe(
      'take',
    );
  });

  it('counts nobody who has lost the right since', () => {
    const lost = person('ana');
    expect(decideTakeover({ person: ben, ask, before: [lost] }, policyWith([withTwo])).kind).toBe(
      'ask',
    );
  });
});
