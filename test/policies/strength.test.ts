import { describe, expect, it } from 'vitest';
import { EnvironmentName, HostName } from '../../src/domain/ids.ts';
import { authorize } from '../../src/policies/authorize.ts';
import { isFrom, whenceOf } from '../../src/policies/place.ts';
import type { Rule } from '../../src/policies/rule.ts';
import { type StrengthAsk, tooWeak } from '../../src/policies/strength.ts';
import { ana, group } from './people.ts';
import { ON_IRC, ON_MATRIX, policyWith, STRENGTH } from './policy.ts';

const staging = {
  host: HostName.parse('builder-07'),
  environment: EnvironmentName.parse('staging'),
};
const production = { ...staging, environment: EnvironmentName.parse('production') };
const approving = (change: Partial<StrengthAsk>): StrengthAsk => ({
  deed: 'approve',
  network: 'irc',
  risk: 'destructive',
  target: staging,
  ...change,
});

describe('approving from a network', () => {
  const cases: readonly [string, Partial<StrengthAsk>, 'enough' | 'too weak'][] = [
    ['that proves an account is enough where nothing more is needed', {}, 'enough'],
    ['that proves an account is too weak in production', { target: production }, 'too weak'],
    [
      'that proves a session is enough in production',
      { target: production, network: 'matrix' },
      'enough',
    ],
    ['that is a terminal is never enough, whatever it proves', { network: 'terminal' }, 'too weak'],
    ['that nobody knows is never enough', { network: 'telegram' }, 'too weak'],
    ['that is not named is never enough', { network: undefined }, 'too weak'],
    [
      'takes what the strictest environment takes where nobody knows which one it is',
      { target: {} },
      'too weak',
    ],
  ];
  for (const [title, change, verdict] of cases) {
    it(title, () => {
      const refused = tooWeak(approving(change), STRENGTH);
      expect(refused === undefined ? 'enough' : 'too weak').toBe(verdict);
    });
  }

  it('that is too weak is told why, and which networks would do', () => {
    expect(tooWeak(approving({ target: production }), STRENGTH)).toEqual({
      kind: 'refuse',
      because:
        'irc proves no more than an account; approving in production takes a signed-in session',
      next: 'Approve it on matrix or slack.',
    });
    expect(tooWeak(approving({ network: 'terminal' }), STRENGTH)).toEqual({
      kind: 'refuse',
      because: 'nobody approves from terminal; approving in staging takes an account',
      next: 'Approve it on irc, matrix or slack.',
    });
    const onIrcAlone = { ...STRENGTH, here: ['irc'] };
    expect(tooWeak(approving({ target: production }), onIrcAlone)?.next).toBe(
      'No network of this site would do: assurance in signalbox.yaml says what is needed.',
    );
  });

  it('is enough in production once the site says so', () => {
    const environments = new Map([[production.environment, { approve: 'account' } as const]]);
    const lenient = { ...STRENGTH, environments };
    expect(tooWeak(approving({ target: production }), lenient)).toBeUndefined();
  });
});

describe('asking from a network', () => {
  const rule: Rule = {
    place: 'signalbox.yaml:31',
    allow: ['reimage'],
    on: {},
    to: [group('sysadmin-builders')],
    approvals: {},
  };
  const strict = { ...STRENGTH, needed: { ask: 'session', approve: 'session' } as const };
  const ask = { person: ana, command: 'reimage', risk: 'destructive', target: staging } as const;

  it('is for networks that prove as much as the site wants, whatever the rules say', () => {
    const policy = policyWith([rule], { strength: strict });
    expect(authorize({ ...ask, from: ON_MATRIX }, policy).kind).toBe('allow');
    expect(authorize({ ...ask, from: ON_IRC }, policy)).toEqual({
      kind: 'refuse',
      because:
        'irc proves no more than an account; asking for this in staging takes a signed-in session',
      next: 'Ask for it on matrix or slack.',
    });
  });

  it('is for terminals too', () => {
    const from = { network: 'terminal', channel: 'ttyS0' };
    expect(authorize({ ...ask, from }, policyWith([rule], { strength: strict })).kind).toBe(
      'allow',
    );
  });

  it('takes nothing as long as it only looks', () => {
    const look = { ...ask, command: 'inventory', risk: 'read-only', from: ON_IRC } as const;
    const policy = policyWith([{ ...rule, allow: ['inventory'] }], { strength: strict });
    expect(authorize(look, policy).kind).toBe('allow');
  });
});

describe('a rule for what is asked from some places', () => {
  const rule: Rule = {
    place: 'signalbox.yaml:31',
    allow: ['reimage'],
    on: {},
    from: [{ network: 'matrix' }, { network: 'irc', channel: '#farm' }],
    to: [group('sysadmin-builders')],
    approvals: {},
  };
  const ask = { person: ana, command: 'reimage', risk: 'destructive', target: staging } as const;
  const cases: readonly [string, { network: string; channel: string } | undefined, string][] = [
    ['grants in every channel of a network it names', ON_MATRIX, 'allow'],
    ['grants in a channel it names', { network: 'irc', channel: '#farm' }, 'allow'],
    ['does not grant in another channel', ON_IRC, 'refuse'],
    ['does not grant on another network', { network: 'slack', channel: '#farm' }, 'refuse'],
    ['does not grant where nobody knows where it was asked', undefined, 'refuse'],
  ];
  for (const [title, from, kind] of cases) {
    it(title, () => expect(authorize({ ...ask, from }, policyWith([rule])).kind).toBe(kind));
  }

  it('says where it would grant, to whom it would', () => {
    expect(authorize({ ...ask, from: ON_IRC }, policyWith([rule]))).toEqual({
      kind: 'refuse',
      because:
        'ana is in sysadmin-builders; reimage on builder-07 (staging) is granted only from matrix or irc/#farm (signalbox.yaml:31)',
      next: 'Ask on matrix or irc/#farm.',
    });
  });
});

describe('a place in a rule', () => {
  it('is a network or a channel of one, which may have any sign in it', () => {
    expect(whenceOf('matrix')).toEqual({ network: 'matrix' });
    expect(whenceOf('matrix/#a/b:example.org')).toEqual({
      network: 'matrix',
      channel: '#a/b:example.org',
    });
    for (const text of ['#ops', '/#ops', 'irc/', '', 'IRC/#ops']) {
      expect(whenceOf(text), text).toBeUndefined();
    }
  });

  it('of a network is every channel of it', () => {
    expect(isFrom({ network: 'irc' }, ON_IRC)).toBe(true);
    expect(isFrom({ network: 'irc' }, ON_MATRIX)).toBe(false);
  });
});
