import type { EnvironmentName } from '../../src/domain/ids.ts';
import { type Assurance, TERMINAL } from '../../src/policies/assurance.ts';
import type { Policy } from '../../src/policies/policy.ts';
import type { Rule } from '../../src/policies/rule.ts';

export const ON_MATRIX = { network: 'matrix', channel: '#ops' };
export const ON_IRC = { network: 'irc', channel: '#ops' };

/** A site on three networks, where production is approved on the stronger two. */
export const STRENGTH: Policy['strength'] = {
  networks: new Map<string, Assurance>([
    ['irc', { proves: 'account', may: 'approve' }],
    ['matrix', { proves: 'session', may: 'approve' }],
    ['slack', { proves: 'session', may: 'approve' }],
    [TERMINAL.network, TERMINAL.assurance],
  ]),
  here: ['irc', 'matrix', 'slack'],
  needed: { ask: 'account', approve: 'account' },
  environments: new Map([['production' as EnvironmentName, { approve: 'session' }]]),
};

export function policyWith(rules: readonly Rule[], change: Partial<Policy> = {}): Policy {
  return { rules, strength: STRENGTH, selfApproval: [], ...change };
}
