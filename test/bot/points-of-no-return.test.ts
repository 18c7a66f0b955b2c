import { describe, expect, test } from 'vitest';
import { createWorld, type WorldOptions } from './world.ts';

/** Before `wipe`, which cannot be taken back, it waits for a build to end. */
async function draining(options: WorldOptions = {}) {
  const world = await createWorld(options);
  world.farm.builds('builder-01', 'buildArch kernel');
  await world.says('rik', '!clean builder-01');
  return {
    ...world,
    drained: async () => {
      world.farm.finishes('builder-01');
      return [...(await world.passes(1)), ...(await world.passes(1))];
    },
  };
}

const NEVER = new AbortController().signal;
const FROZEN =
  'staging is frozen by rik since 2026-11-18 14:00 UTC: "koji is upgraded" (!thaw staging ends it)';

describe('an operation before its point of no return', () => {
  test('waits there for a freeze that began meanwhile, and goes on by itself', async () => {
    const { says, drained, passes } = await draining();
    await says('rik', '!freeze staging koji is upgraded');
    expect(await drained()).toEqual([`op-1 3/4 waits before wipe builder-01: ${FROZEN}`]);
    expect((await says('kim', '!status op-1'))[0]).toContain('waits before wipe builder-01');
    expect(await passes(10)).toEqual([]);
    await says('rik', '!thaw staging');
    expect((await passes(1)).join(' ')).toMatch(/3\/4 wipe builder-01.*DONE/s);
  });

  test('waits for a lock by hand that was set meanwhile', async () => {
    const { says, drained, passes } = await draining();
    await says('rik', '!lock builder-01 new disks');
    expect((await drained()).join(' ')).toContain('builder-01 is locked by rik');
    await says('rik', '!unlock builder-01');
    expect((await passes(1)).join(' ')).toContain('DONE');
  });

  test('waits while somebody else has broken the budget, or the build system is silent', async () => {
    const { farm, drained, passes, meanwhile } = await draining();
    for (const host of ['builder-02', 'builder-03']) farm.takesOut(host);
    expect((await drained()).join(' ')).toContain('@builders may have 2 of 6 away at once');
    await meanwhile(() => farm.goesAway());
    expect((await passes(1)).join(' ')).toContain('the build system did not say who');
    farm.comesBack();
    await farm.enable('builder-02' as never, '', NEVER);
    expect((await passes(1)).join(' ')).toContain('DONE');
  });

  test('waits while nobody can say whether a freeze lets it go on', async () => {
    const freeze = {
      on: 'staging',
      because: 'the end of the year',
      from: Date.UTC(2026, 10, 18, 14, 1),
      until: Date.UTC(2026, 10, 19),
      except: { commands: [], groups: ['root'] },
      set: { place: 'signalbox.yaml:31' },
    };
    const { people, drained, passes } = await draining({ freezes: [freeze] });
    people.goesAway();
    expect((await drained()).join(' ')).toContain('nobody could say who of root may go on');
    people.comesBack();
    expect((await passes(1)).join(' ')).toContain('DONE');
  });

  test('is taken back by a cancel', async () => {
    const { says, farm, drained } = await draining();
    await says('rik', '!freeze staging koji is upgraded');
    await drained();
    expect((await says('rik', '!cancel op-1')).join(' ')).toContain('op-1 CANCELLED');
    expect(farm.isEnabled('builder-01')).toBe(true);
  });

  test('asks when it has waited as long as the step may, and can wait again', async () => {
    const { says, drained, passes } = await draining();
    await says('rik', '!freeze staging koji is upgraded');
    await drained();
    const heard = await passes(60);
    expect(heard[0]).toBe(`op-1 3/4 wipe builder-01 may not begin: ${FROZEN}`);
    expect(heard[1]).toContain('!rollback op-1');
    const again = await says('rik', '!answer op-1 go-on');
    expect(again.join(' ')).toContain('op-1 3/4 waits before wipe builder-01');
    await says('rik', '!thaw staging');
    expect((await passes(1)).join(' ')).toContain('DONE');
  });

  test('asks nobody where nothing came in its way', async () => {
    const { drained } = await draining();
    expect((await drained()).join(' ')).not.toContain('waits before');
  });
});
