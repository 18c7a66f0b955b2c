import { describe, expect, it } from 'vitest';
import { HostName, PoolName } from '../../src/domain/ids.ts';
import { type AnswerFacts, mayAnswer, maySteer, mightRun } from '../../src/policies/answering.ts';
import type { Rule } from '../../src/policies/rule.ts';
import { ana, eve, group, kim } from './people.ts';
import { ON_MATRIX, policyWith } from './policy.ts';

const rules: readonly Rule[] = [
  {
    place: 'signalbox.yaml:31',
    allow: ['reimage'],
    on: { pools: [PoolName.parse('builders')] },
    to: [group('sysadmin-builders')],
    approvals: { destructive: { count: 1, groups: [group('sysadmin-main')] } },
  },
];
const policy = policyWith(rules);
const facts = (person: AnswerFacts['person'], pool = 'builders'): AnswerFacts => ({
  person,
  op: 'op-7k2m',
  ask: {
    command: 'reimage',
    risk: 'destructive',
    target: { host: HostName.parse('builder-07'), pool: PoolName.parse(pool) },
    from: ON_MATRIX,
  },
  approvers: ['sysadmin-main'],
});

describe('answering, holding and cancelling', () => {
  it('is for those who may run it', () => {
    expect(maySteer(facts(ana), policy)).toEqual({ kind: 'allow' });
  });

  it('is for those who may approve it', () => {
    expect(maySteer(facts(eve), policy)).toEqual({ kind: 'allow' });
  });

  it('is not for others', () => {
    expect(maySteer(facts(kim), policy)).toEqual({
      kind: 'refuse',
      because:
        'op-7k2m: kim is in community; reimage on builder-07 is granted to sysadmin-builders (signalbox.yaml:31)',
      next: 'Ask somebody of sysadmin-builders.',
    });
  });

  it('is not for those who may run it elsewhere', () => {
    expect(maySteer(facts(ana, 'web'), policy).kind).toBe('refuse');
  });
});

describe('a question that names groups', () => {
  it('is answered by somebody of them', () => {
    expect(mayAnswer(facts(kim), ['community'], policy)).toEqual({ kind: 'allow' });
  });

  it('is answered by nobody else, whether they may run it or approve it', () => {
    expect(mayAnswer(facts(ana), ['community'], policy)).toEqual({
      kind: 'refuse',
      because: 'op-7k2m: ana is in sysadmin-builders; what it asks is for community',
      next: 'Ask somebody of community.',
    });
    expect(mayAnswer(facts(eve), ['community'], policy).kind).toBe('refuse');
  });

  it('that names none is for those who may run it or approve it', () => {
    expect(mayAnswer(facts(ana), [], policy).kind).toBe('allow');
    expect(mayAnswer(facts(eve), [], policy).kind).toBe('allow');
    expect(mayAnswer(facts(kim), [], policy).kind).toBe('refuse');
  });
});

describe('what help shows', () => {
  it('is what somebody may run on anything', () => {
    const reimage = { command: 'reimage', risk: 'destructive', from: ON_MATRIX } as const;
    expect(mightRun({ ...reimage, person: ana }, policy)).toBe(true);
    expect(mightRun({ ...reimage, person: kim }, policy)).toBe(false);
    expect(mightRun({ ...reimage, command: 'drain', person: ana }, policy)).toBe(false);
  });
});
