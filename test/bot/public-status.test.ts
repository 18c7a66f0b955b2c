import { describe, expect, test } from 'vitest';
import { inventoryOf, SIX_BUILDERS } from './fixture/inventory.ts';
import { createWorld } from './world.ts';

const BEHIND_A_GATE = SIX_BUILDERS.replace(
  'ssh: { user: root }',
  'ssh: { user: root, jump: [mirror-01] }',
);

/** One drains, asked for by rik; one was locked by ana, who said why. */
async function busy() {
  const world = await createWorld();
  world.inventory = inventoryOf(BEHIND_A_GATE);
  world.farm.builds('builder-01', 'buildArch kernel of rik');
  await world.says('rik', '!clean builder-01');
  await world.says('ana', '!lock builder-02 ana debugs 10.0.0.7');
  await world.passes(1);
  return world;
}

describe('!status for somebody whom the directory does not know', () => {
  test('says how pools are and what goes on, and names nobody and no address', async () => {
    const { says } = await busy();
    expect(await says('eve', '!status')).toEqual([
      '6 hosts in 2 pools · 1 operation open',
      '@builders: 5/6 in service, away: builder-01',
      '@mirrors: 1/1 in service',
      'op-1 clean builder-01 · at 2/4 · 60 s so far, about 9 min left',
    ]);
    expect(await says('eve', '!status builder-02')).toEqual([
      'builder-02: metal x86_64 · staging · @builders · f43-builder@2026.11.18 · in service',
      'locked by hand',
    ]);
    expect(await says('eve', '!status op-1')).toEqual([
      'op-1 clean builder-01 · at 2/4 · 60 s so far, about 9 min left',
    ]);
  });

  test('is the same for somebody for whom the network does not vouch', async () => {
    const { says } = await busy();
    const [unvouched] = await says('ana', '!status op-1', { vouched: false });
    expect(unvouched).toBe('op-1 clean builder-01 · at 2/4 · 60 s so far, about 9 min left');
  });

  test('has names for people whom the directory knows', async () => {
    const { says } = await busy();
    expect((await says('kim', '!status')).join(' ')).toContain('asked by rik');
    expect((await says('kim', '!status builder-02')).join(' ')).toContain('locked by ana');
  });

  test('knows no host that others are reached through, and none outside of pools', async () => {
    const { says } = await busy();
    expect(await says('eve', '!status mirror-01')).toEqual([
      'there is no host, pool, service or operation mirror-01, did you mean mirrors?',
    ]);
    expect(await says('eve', '!status gate')).toEqual([
      'there is no host, pool, service or operation gate',
    ]);
    expect(await says('kim', '!status gate')).toEqual(['gate: metal x86_64 · staging']);
  });

  test('says nothing of an operation on such a host', async () => {
    const { says } = await createWorld();
    await says('rik', '!reimage mirror-01 image=f43-builder');
    const [op] = await says('kim', '!status op-1');
    expect(op).toMatch(/^op-1 reimage mirror-01/);
    const world = await busy();
    await world.says('rik', '!reimage mirror-01 image=f43-builder');
    expect((await world.says('eve', '!status op-2'))[0]).toMatch(/^there is no op-/);
    expect((await world.says('eve', '!status')).join(' ')).not.toContain('mirror-01');
  });

  test('is answered while the directory does not answer, which is said to who asks for more', async () => {
    const { says, people } = await busy();
    people.goesAway();
    expect((await says('ana', '!status'))[0]).toBe('6 hosts in 2 pools · 1 operation open');
    expect(await says('ana', '!ops')).toEqual([
      'ana: ldap did not answer (connection refused), so nobody can say what you may do. Try again once it is back.',
    ]);
    expect((await says('ana', '!whoami'))[0]).toContain('ldap did not answer');
  });

  test('is declined once to somebody who goes on asking, and nobody else pays for it', async () => {
    const { says } = await busy();
    const answers: (readonly string[])[] = [];
    for (let nth = 1; nth <= 10; nth += 1) answers.push(await says('eve', '!status builder-01'));
    expect(answers.slice(6)).toEqual([
      [
        'eve: too many commands at once; "status builder-01" and what follows is not taken. Go on in 6 s; approvals and answers are always taken.',
      ],
      [],
      [],
      [],
    ]);
    expect((await says('kim', '!status op-1'))[0]).toMatch(/^op-1 clean/);
  });
});

describe('a host that is for people whom the directory knows', () => {
  test.each([
    '!access gat',
    '!access gate',
    '!clean gat',
    '!clean gate',
    '!access g*',
    '!acc\\ess gat',
  ])('is not told to others, however they ask: %s', async (typed) => {
    const { says } = await busy();
    expect(await says('eve', typed)).toEqual([
      'eve: ldap does not know eve. Ask for an entry there.',
    ]);
  });

  test('is told to somebody who knows it and mistypes it', async () => {
    const { says } = await busy();
    expect((await says('kim', '!access gat'))[0]).toContain('did you mean gate?');
  });
});
