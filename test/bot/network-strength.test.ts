import { describe, expect, test } from 'vitest';
import type { EnvironmentName } from '../../src/domain/ids.ts';
import type { Policy } from '../../src/policies/policy.ts';
import { STRENGTH } from '../policies/policy.ts';
import { createWorld } from './world.ts';

const staging = 'staging' as EnvironmentName;

/** Matrix proves no more than IRC here, and staging takes more: to ask, to approve. */
function strict(deed: 'ask' | 'approve'): Policy['strength'] {
  return {
    ...STRENGTH,
    networks: new Map([...STRENGTH.networks, ['matrix', { proves: 'account', may: 'approve' }]]),
    environments: new Map([[staging, { [deed]: 'session' }]]),
  };
}

describe('a network that proves less than is needed', () => {
  test('is not where one approves, and says where one does', async () => {
    const { says, reacts, farm } = await createWorld({ policy: { strength: strict('approve') } });
    await says('ana', '!clean builder-01');
    const refused =
      'ben: matrix proves no more than an account; approving in staging takes a signed-in session. Approve it on slack.';
    expect(await says('ben', '!approve op-1 CODE')).toEqual([refused]);
    expect(await reacts('ben', '👍')).toEqual([refused]);
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('is not where one asks, and records nothing', async () => {
    const { says, operations } = await createWorld({ policy: { strength: strict('ask') } });
    expect(await says('rik', '!clean builder-01')).toEqual([
      'rik: matrix proves no more than an account; asking for this in staging takes a signed-in session. Ask for it on slack.',
    ]);
    expect(await operations()).toEqual([]);
    expect((await says('rik', '!ops'))[0]).toBe('no operation is open');
  });

  test('by the time it starts keeps it from starting, although it was approved', async () => {
    const policy: { strength: Policy['strength'] } = { strength: STRENGTH };
    const { says, reacts, workersGo, workersComeBack, farm } = await createWorld({ policy });
    await says('ana', '!clean builder-01');
    workersGo();
    expect(await reacts('ben', '👍')).toEqual(['op-1 approved by ben, starting']);
    policy.strength = strict('approve');
    expect(await workersComeBack()).toEqual([
      'op-1 cannot start: clean builder-01 lacks an approval: ben approved from matrix, which does not prove enough',
    ]);
    expect(farm.isEnabled('builder-01')).toBe(true);
  });
});
