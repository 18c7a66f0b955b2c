import { describe, expect, test } from 'vitest';
import type { EnvironmentName, GroupName } from '../../src/domain/ids.ts';
import { inventoryOf, SIX_BUILDERS } from './fixture/inventory.ts';
import { RULES } from './fixture/rules.ts';
import { createWorld } from './world.ts';

const ON_STAGING = {
  place: 'signalbox.yaml:40',
  allow: ['lock'],
  on: { environments: ['staging' as EnvironmentName] },
  to: ['developers' as GroupName],
  approvals: {},
};

async function lockedBy(name: string, inventory: string) {
  const world = await createWorld({ policy: { rules: [...RULES, ON_STAGING] } });
  world.inventory = inventoryOf(inventory);
  await world.says(name, '!lock @builders koji is upgraded');
  return world;
}

describe('a pool with hosts in several environments', () => {
  const inventory = SIX_BUILDERS.replace(
    'architecture: aarch64 }',
    'architecture: aarch64, environment: production }',
  );

  test('is neither locked nor unlocked with a right on the environment of its first host', async () => {
    const { says } = await lockedBy('rik', inventory);
    const [refused] = await says('dan', '!unlock @builders');
    expect(refused).toContain('dan is in developers; lock on @builders is granted to');
    expect((await says('dan', '!locks'))[0]).toContain('@builders is locked by rik');
  });

  test('is unlocked with a right on the pool', async () => {
    const { says } = await lockedBy('rik', inventory);
    expect(await says('ana', '!unlock @builders')).toEqual(['@builders is unlocked by ana']);
  });
});

test('a pool of one environment is locked with a right on that', async () => {
  const { says } = await lockedBy('dan', SIX_BUILDERS);
  expect(await says('dan', '!unlock @builders')).toEqual(['@builders is unlocked by dan']);
});
