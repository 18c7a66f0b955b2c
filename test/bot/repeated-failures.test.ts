import { describe, expect, test } from 'vitest';
import { patientMessages } from '../../src/bot/narrator/patient-messages.ts';
import { remindOfQuarantine } from '../../src/bot/remind-quarantine.ts';
import { messagesInMemory } from './fixture/network.ts';
import { createWorld, type World } from './world.ts';

const QUARANTINED =
  'builder-01 is quarantined since 2026-11-18 14:03 UTC, rik looks after it: "clean failed 3 times in a row, last in op-3 at test" (!release builder-01 lets groups have it again)';

/** `test` comes after the point of no return, so giving up leaves it as it is. */
async function fail({ says, passes, troubles }: World, op: string): Promise<readonly string[]> {
  troubles.set('test', 'no such device');
  await says('rik', '!clean builder-01');
  await passes(1);
  const heard = await says('rik', `!cancel ${op}`);
  troubles.clear();
  return heard;
}

async function failed(times: number): Promise<World & { readonly last: readonly string[] }> {
  const world = await createWorld();
  let last: readonly string[] = [];
  for (let nth = 1; nth <= times; nth += 1) last = await fail(world, `op-${nth}`);
  return { ...world, last };
}

describe('a host on which the same failed three times in a row', () => {
  test('is quarantined with an owner, which the channel hears', async () => {
    const { says, last } = await failed(3);
    expect(last[1]).toBe(
      'op-3 quarantines builder-01: clean failed 3 times in a row, last in op-3 at test · rik looks after it · no group has it until !release builder-01',
    );
    expect(await says('kim', '!locks')).toEqual([QUARANTINED]);
    const status = await says('kim', '!status builder-01');
    expect(status.slice(1)).toEqual(['it failed 3 times in a row', QUARANTINED]);
    expect((await says('rik', '!plan clean @builders')).join(' ')).not.toContain('builder-01');
  });

  test('is not yet so after two, which its status says', async () => {
    const { says } = await failed(2);
    expect(await says('kim', '!locks')).toEqual(['nothing is locked']);
    expect((await says('kim', '!status builder-01'))[1]).toBe('it failed 2 times in a row');
  });

  test('begins anew with a success', async () => {
    const world = await failed(2);
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    expect(await world.says('kim', '!status builder-01')).toHaveLength(1);
    await fail(world, 'op-4');
    expect(await world.says('kim', '!locks')).toEqual(['nothing is locked']);
  });

  test('begins anew when somebody releases it', async () => {
    const world = await failed(3);
    expect(await world.says('ana', '!release builder-01')).toEqual([
      'builder-01 is released by ana',
    ]);
    expect(await world.says('kim', '!status builder-01')).toHaveLength(1);
    await fail(world, 'op-4');
    expect(await world.says('kim', '!locks')).toEqual(['nothing is locked']);
  });

  test('does not count what was cancelled before anything failed for good', async () => {
    const world = await failed(2);
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await world.says('rik', '!cancel op-3');
    expect((await world.says('kim', '!status builder-01'))[1]).toBe('it failed 2 times in a row');
  });

  test('counts a failure that was rolled back', async () => {
    const world = await failed(2);
    world.troubles.set('wipe', 'no such device');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    expect((await world.says('rik', '!rollback op-3')).join(' ')).toContain(
      'quarantines builder-01',
    );
  });

  test('stays with whoever quarantined it before', async () => {
    const world = await failed(2);
    world.farm.builds('builder-01', 'buildArch kernel');
    await world.says('rik', '!clean builder-01');
    await world.says('rik', '!unlock builder-01 it burns');
    await world.says('rik', '!cancel op-3');
    await fail(world, 'op-4');
    expect((await world.says('kim', '!locks'))[0]).toContain('quarantined by rik');
  });
});

describe('a quarantine that nobody ends', () => {
  const DAY = 24 * 60 * 60_000;
  const RELEASE = '!release builder-01 lets groups have it again';

  async function reminded() {
    const world = await failed(3);
    const messages = patientMessages(messagesInMemory());
    const { network, journal, now } = world;
    const options = {
      ...{ network, journal, now, messages, prefix: '!' },
      inventory: () => world.inventory,
      channels: () => [{ network: 'matrix', channel: '#builders', watches: ['builders'] }],
      everyMs: () => DAY,
    };
    const saying = { network, messages, unnoted: new Map<string, string>() };
    const lines = async () => {
      const before = network.posted.length;
      await remindOfQuarantine(options, saying);
      return network.posted.slice(before).flatMap((posted) => posted.lines);
    };
    return { ...world, lines };
  }

  test('is told again once each time its interval is over, also after nobody looked', async () => {
    const { lines, passes } = await reminded();
    expect(await lines()).toEqual([]);
    await passes(24 * 60);
    const because = 'clean failed 3 times in a row, last in op-3 at test';
    expect((await lines()).map((line) => line.replace(/op-\w+/, 'op-3'))).toEqual([
      `builder-01 is still in quarantine (24 h): ${because} · rik looks after it · ${RELEASE}`,
    ]);
    expect(await lines()).toEqual([]);
    await passes(5 * 24 * 60);
    expect(await lines()).toHaveLength(1);
    expect(await lines()).toEqual([]);
  });

  test('is told no more once it is released', async () => {
    const { says, lines, passes } = await reminded();
    await says('ana', '!release builder-01');
    await passes(24 * 60);
    expect(await lines()).toEqual([]);
  });
});
