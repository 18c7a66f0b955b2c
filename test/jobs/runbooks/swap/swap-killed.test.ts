import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../../src/jobs/ports/ports.ts';
import { BUILDERS, ONE_UNIT, UPDATE } from './pair-inventory.ts';
import { createSwapWorld } from './swap-world.ts';

const SWAPPED = {
  dns: ['node2', 'node2'],
  scheduler: ['node2'],
  'builder-01': 'up enabled',
  'builder-02': 'off disabled',
};

/** Each call by which a swap changes something, with how often it is made before. */
const DEATHS: readonly (readonly [string, keyof Ports, string, number])[] = [
  ['the lower TTL', 'dns', 'change', 0],
  ['the swap', 'dns', 'change', 1],
  ['the usual TTL', 'dns', 'change', 2],
  ['the update of the standby', 'shell', 'startClaimed', 0],
  ['the stop of a unit', 'shell', 'startClaimed', 2],
  ['the disabling of a unit', 'shell', 'startClaimed', 4],
  ['the start of a unit', 'shell', 'startClaimed', 6],
  ['the enabling of a unit', 'shell', 'startClaimed', 8],
  ['the update of the old node', 'shell', 'startClaimed', 10],
  ['taking a builder out of service', 'farm', 'disable', 0],
  ['the shutdown of a builder', 'hypervisor', 'shutDown', 0],
  ['the start of a builder', 'hypervisor', 'start', 0],
  ['taking a builder into service', 'farm', 'enable', 0],
  ['a test of the standby', 'checks', 'probe', 0],
  ['a look at the DNS servers', 'dns', 'look', 1],
];

describe.each(DEATHS)('a worker that is killed at %s', (_what, port, method, after) => {
  it.each([
    ['before it is sent', {}],
    ['between being sent and answered', { acted: true as const }],
  ])('%s leaves nothing behind that another does not find', async (_when, how) => {
    const world = createSwapWorld(BUILDERS, ONE_UNIT, UPDATE);
    const ref = await world.request();
    await world.dieAt(ref, port, method, { after, ...how });
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await world.place()).toEqual(SWAPPED);
    expect(world.enabled()).toEqual(['node2']);
    expect(world.ttls()).toEqual([300, 300]);
    expect(world.problems).toEqual([]);
    // Each command of a recipe ran once on each node, and the name moved once.
    expect(world.fleet.count({ kind: 'command', detail: 'apply-updates' })).toBe(2);
    const targets = world.zone.versions.map(
      ({ records }) => records.find(({ type }) => type === 'CNAME')?.value,
    );
    expect(targets.filter((target, place) => target !== targets[place - 1])).toEqual([
      'node1.example.org',
      'node2.example.org',
    ]);
  });
});
