import { describe, expect, test } from 'vitest';
import { createWorld } from './world.ts';

const TWO_MINUTES = 120_001;

/** One drains, one fails after it: both while the network is away. */
async function busyWhileAway() {
  const world = await createWorld();
  world.farm.builds('builder-01', 'buildArch kernel');
  world.farm.builds('builder-02', 'buildArch bash');
  await world.says('rik', '!clean builder-01');
  await world.says('rik', '!clean builder-02');
  await world.passes(1);
  world.network.goesAway();
  world.farm.finishes('builder-01');
  await world.passes(1);
  await world.passes(1);
  return world;
}

const shown = (lines: readonly string[]) => lines.map((line) => line.replace(/op-\w+/g, 'op'));

describe('a network that comes back', () => {
  test('hears in one line what happened, and nothing of it again', async () => {
    const { heard, networkReturns, problems } = await busyWhileAway();
    const before = heard('#builders').length;
    await networkReturns(TWO_MINUTES);
    expect(shown(heard('#builders').slice(before))).toEqual([
      'back after 2 min, what was typed meanwhile was not read: op DONE · !catchup 3m',
    ]);
    expect(heard('#mirrors')).toEqual([
      'back after 2 min, what was typed meanwhile was not read; no operation went on',
    ]);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('goes on to hear what happens from then on', async () => {
    const world = await busyWhileAway();
    await world.networkReturns(TWO_MINUTES);
    world.farm.finishes('builder-02');
    await world.passes(1);
    expect(await world.passes(1)).toContain('op-2 DONE in 5 min: clean builder-02');
  });

  test('is asked what somebody has to answer, in a message that can be answered', async () => {
    const world = await createWorld();
    world.troubles.set('test', 'no such device');
    world.network.goesAway();
    await world.meanwhile(() => world.says('rik', '!clean builder-01'));
    await world.passes(1);
    await world.passes(1);
    const heard = await world.networkReturns(TWO_MINUTES);
    expect(heard[0]).toBe(
      'op-1 4/4 FAILED test: mount /dev/sdb: no such device · builder-01 is disabled · Look at its disk.',
    );
    expect(shown([world.heard('#builders')[0] ?? ''])).toEqual([
      'back after 2 min, what was typed meanwhile was not read: op waits for an answer: test: mount /dev/sdb: no such device · builder-01 is disabled · !catchup 3m',
    ]);
    world.troubles.clear();
    expect(await world.reacts('rik', '🔁')).toContain('op-1 retry, says rik');
  });

  test('hears everything one by one where that line could not be posted', async () => {
    const { heard, network, networkReturns } = await busyWhileAway();
    const before = heard('#builders').length;
    network.refuses(({ channel, key }) => channel === '#builders' && key.startsWith('back at'));
    await networkReturns(TWO_MINUTES);
    const after = shown(heard('#builders').slice(before));
    expect(after).toContain('op DONE in 3 min: clean builder-01');
    expect(heard('#mirrors')).toHaveLength(1);
  });

  test('was hardly away: it hears everything, and nothing of its absence', async () => {
    const { heard, networkReturns } = await busyWhileAway();
    await networkReturns(4_000);
    expect(shown(heard('#builders'))).toContain('op DONE in 3 min: clean builder-01');
    expect(heard('#mirrors')).toEqual([]);
  });
});
