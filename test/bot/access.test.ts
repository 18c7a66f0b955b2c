import { describe, expect, test } from 'vitest';
import type { GroupName, HostName } from '../../src/domain/ids.ts';
import { createWorld } from './world.ts';

/** A world whose builder-01 may be reached by two groups. */
async function guarded() {
  const world = await createWorld();
  const { hosts } = world.inventory;
  const builder = hosts.get('builder-01' as HostName);
  if (builder === undefined) throw new Error('no builder-01');
  const access = ['sysadmin-builders', 'root'] as GroupName[];
  const changed = new Map(hosts).set(builder.name, { ...builder, access });
  world.inventory = { ...world.inventory, hosts: changed };
  world.people.hasKeys('ana', 'SHA256:one', 'SHA256:two');
  world.people.hasKeys('ben', 'SHA256:three');
  return world;
}

const HEAD =
  'builder-01 is reached by sysadmin-builders (3 people, 3 keys); root (1 person, no key)';

describe('who may log in on a host', () => {
  test('is told with names and keys to whom a rule entitles', async () => {
    const { says } = await guarded();
    expect(await says('rik', '!access builder-01')).toEqual([
      HEAD,
      'sysadmin-builders: ana (ed25519 SHA256:one, ed25519 SHA256:two), ben (ed25519 SHA256:three), cat (no key)',
      'root: rik (no key)',
    ]);
  });

  test('is told by groups alone to others, with the rule that would tell more', async () => {
    const { says } = await guarded();
    expect(await says('kim', '!access builder-01')).toEqual([
      HEAD,
      'kim is in community; access on builder-01 (staging) is granted to root (signalbox.yaml:22). Ask somebody of root.',
    ]);
  });

  test('is not told to somebody whom the directory does not know', async () => {
    const { says } = await guarded();
    const heard = await says('eve', '!access builder-01');
    expect(heard).toEqual(['eve: ldap does not know eve. Ask for an entry there.']);
  });

  test('is not known where the inventory does not say', async () => {
    const { says } = await guarded();
    expect(await says('rik', '!access mirror-01')).toEqual([
      'rik: the inventory does not say who may reach mirror-01. Add access to @mirrors in the inventory.',
    ]);
    expect(await says('rik', '!access gate')).toEqual([
      'rik: the inventory does not say who may reach gate. Add access to it in the inventory.',
    ]);
  });
});
