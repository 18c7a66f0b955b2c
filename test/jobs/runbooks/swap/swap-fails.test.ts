import { describe, expect, it } from 'vitest';
import { BLOCKLIST, BUILDERS, ONE_UNIT, POWER, RETURNS, UPDATE } from './pair-inventory.ts';
import { createSwapWorld, type SwapWorld } from './swap-world.ts';

const ALWAYS = 1_000_000;
const HOUR = 60 * 60_000;

const BEFORE = {
  dns: ['node1', 'node1'],
  scheduler: ['node1'],
  'builder-01': 'off disabled',
  'builder-02': 'up enabled',
};
/** The builders of the standby have left, and the service has not moved. */
const WITHOUT_BUILDERS = { ...BEFORE, 'builder-02': 'off disabled' };
const PROMOTED = { ...WITHOUT_BUILDERS, scheduler: ['node2'] };
const SWAPPED = {
  dns: ['node2', 'node2'],
  scheduler: ['node2'],
  'builder-01': 'up enabled',
  'builder-02': 'off disabled',
};

interface Case {
  readonly what: string;
  /** What the inventory says besides. */
  readonly said?: readonly string[];
  /** The step at whose beginning it goes wrong; from the start when absent. */
  readonly at?: string;
  readonly breaks: (world: SwapWorld) => unknown;
  /** What somebody puts right by hand, where healing what is broken is not enough. */
  readonly mends?: (world: SwapWorld) => unknown;
  /** The step that asks; undefined where it goes back by itself. */
  readonly asks?: string;
  readonly place: object;
  readonly told: RegExp;
  /** What is there after a rollback, where that is not what was there before. */
  readonly after?: object;
}

const CASES: readonly Case[] = [
  {
    what: 'the standby runs what may run once',
    breaks: ({ fleet }) => fleet.host('node2').system.services.add('scheduler'),
    mends: ({ fleet }) => fleet.host('node2').system.services.delete('scheduler'),
    asks: 'ready',
    place: { ...BEFORE, scheduler: ['node1', 'node2'] },
    told: /FAILED ready: scheduler\S* may run on one member only: node2 stands by and runs it/,
  },
  {
    what: 'the standby would start what may run once when it boots',
    breaks: ({ fleet }) => fleet.host('node2').system.enabled.add('scheduler'),
    mends: ({ fleet }) => fleet.host('node2').system.enabled.delete('scheduler'),
    asks: 'ready',
    place: BEFORE,
    told: /FAILED ready: scheduler\S* may run on one member only: node2 stands by and would start it when it boots/,
  },
  {
    what: 'the update of the standby fails',
    breaks: ({ fleet }) => fleet.fail('node2', 'configure', ALWAYS),
    asks: 'update',
    place: BEFORE,
    told: /3\/18 FAILED update: node2: .*no such device · compute.example.org points at node1; node2 may be updated in part/,
  },
  {
    what: 'the standby does not pass its tests',
    breaks: ({ fleet }) => fleet.fail('node2', 'check', ALWAYS),
    asks: 'test',
    place: BEFORE,
    told: /FAILED test: node2 does not serve compute as it should: web: expected HTTP 200, came HTTP 503.* · compute.example.org points at node1, nothing was moved/,
  },
  {
    what: 'a builder does not finish its build',
    breaks: ({ fleet }) => {
      const task = { id: 1, method: 'buildArch', pkg: 'kernel', host: 'builder-02' } as const;
      const length = { startedAt: fleet.clock.now(), lengthMs: 90 * HOUR, completedAt: undefined };
      fleet.world().tasks.set(1, { ...task, ...length, state: 'open', stalled: false });
    },
    asks: 'drain-1',
    place: { ...BEFORE, 'builder-02': 'up disabled' },
    told: /builder-02.*buildArch kernel/,
  },
  {
    what: 'a drained builder does not power off',
    breaks: ({ fleet }) => fleet.fail('builder-02', 'deaf', ALWAYS),
    asks: 'shut-down-1',
    place: { ...BEFORE, 'builder-02': 'up disabled' },
    told: /FAILED shut-down-1: builder-02 does not power off/,
  },
  {
    what: 'the DNS server refuses the lower TTL',
    breaks: ({ zone }) => zone.faults.set('dns-refuse', ALWAYS),
    asks: 'lower-ttl',
    place: BEFORE,
    told: /FAILED lower-ttl: ns1.example.org refused .*REFUSED/,
  },
  {
    what: 'a secondary does not follow even before the swap',
    breaks: ({ zone, clock }) => {
      (zone.servers[1] as { frozenAt: number | undefined }).frozenAt = clock.now() - 1;
    },
    asks: 'lower-ttl',
    place: BEFORE,
    told: /waited too long: waiting for every server to have the low TTL: ns2.example.org/,
  },
  {
    what: 'somebody else changes the name while old TTLs run out',
    at: 'await-ttl',
    breaks: (world) => world.repoint('node3.example.org'),
    mends: (world) => world.repoint('node1.example.org', 10),
    asks: 'stop-units',
    place: { ...WITHOUT_BUILDERS, dns: ['node3', 'node3'] },
    told: /not allowed to go on with stop scheduler on node1: .*points at node3.example.org, which is none of them/,
  },
  {
    what: 'a unit that may run once does not stop',
    at: 'await-ttl',
    breaks: ({ fleet }) => fleet.fail('node1', 'configure', ALWAYS),
    asks: 'stop-units',
    place: WITHOUT_BUILDERS,
    told: /FAILED stop-units: scheduler could not be stopped on node1: .*started nowhere/,
  },
  {
    what: 'the active node cannot be reached and nothing else can prove anything',
    at: 'await-ttl',
    breaks: ({ fleet }) => fleet.fail('node1', 'ssh-refused', ALWAYS),
    asks: 'stop-units',
    place: WITHOUT_BUILDERS,
    told: /nobody can prove that node1 runs nothing of compute: .*Nothing was promoted/s,
  },
  {
    what: 'the fence is not confirmed',
    said: [BLOCKLIST],
    at: 'await-ttl',
    breaks: ({ fleet, ports }) => {
      fleet.fail('node1', 'ssh-refused', ALWAYS);
      Object.assign(ports.storage, { barred: async () => ({ kind: 'open' }) });
    },
    asks: 'stop-units',
    place: WITHOUT_BUILDERS,
    told: /nobody knows whether node1 runs something of compute: the storage does not refuse it.*Nothing was promoted/s,
  },
  {
    what: 'the storage refuses the old node already, and only for an hour more',
    said: [BLOCKLIST],
    at: 'await-ttl',
    breaks: ({ fleet, storage }) => {
      fleet.fail('node1', 'ssh-refused', ALWAYS);
      storage.barred.set('10.0.0.1', fleet.clock.now() + 60 * 60_000);
    },
    asks: 'stop-units',
    place: WITHOUT_BUILDERS,
    told: /nobody knows whether node1 runs something of compute: the storage does not refuse it for long.*Nothing was promoted/s,
  },
  {
    what: 'a unit does not start on the new node',
    at: 'stop-units',
    breaks: ({ fleet }) => fleet.fail('node2', 'unit', ALWAYS),
    asks: 'start-units',
    place: { ...WITHOUT_BUILDERS, scheduler: [] },
    told: /FAILED start-units: scheduler could not be started on node2/,
  },
  {
    what: 'the DNS server refuses the swap',
    at: 'start-units',
    breaks: ({ zone }) => zone.faults.set('dns-refuse', ALWAYS),
    asks: 'swap',
    place: PROMOTED,
    told: /FAILED swap: ns1.example.org refused the change/,
  },
  {
    what: 'the DNS server says yes and changes nothing',
    at: 'start-units',
    breaks: ({ zone }) => zone.faults.set('dns-ignore', ALWAYS),
    asks: 'swap',
    place: PROMOTED,
    told: /looking what became of it[\s\S]*FAILED swap: ns1.example.org said yes to the change/,
  },
  {
    what: 'somebody else changes the name right before the swap',
    at: 'start-units',
    breaks: (world) => world.repoint('node3.example.org'),
    mends: (world) => world.repoint('node1.example.org', 10),
    asks: 'swap',
    place: { ...PROMOTED, dns: ['node3', 'node3'] },
    told: /FAILED swap: compute.example.org does not point where this operation left it: expected node1.example.org, found node3.example.org/,
  },
  {
    what: 'a secondary does not follow the swap',
    at: 'start-units',
    breaks: ({ zone, clock }) => {
      (zone.servers[1] as { frozenAt: number | undefined }).frozenAt = clock.now() - 1;
    },
    asks: 'follow',
    place: { ...PROMOTED, dns: ['node2', 'node1'] },
    told: /FAILED follow: not every server shows compute.example.org at node2.example.org: ns2.example.org/,
  },
  {
    what: 'the tests by the public name fail',
    at: 'start-units',
    breaks: ({ fleet }) => fleet.fail('node2', 'check', ALWAYS),
    asks: 'verify',
    place: { ...PROMOTED, dns: ['node2', 'node2'] },
    told: /compute fails its tests at node2: .* the inventory does not allow it/,
  },
  {
    what: 'the update of the old node fails',
    at: 'verify',
    breaks: ({ fleet }) => fleet.fail('node1', 'configure', ALWAYS),
    asks: 'update-old',
    place: { ...PROMOTED, dns: ['node2', 'node2'] },
    told: /FAILED update-old: node1: .* · compute.example.org points at node2; node1 may be updated in part/,
  },
  {
    what: 'the old node does not pass its tests',
    at: 'verify',
    breaks: ({ fleet }) => fleet.fail('node1', 'check', ALWAYS),
    asks: 'test-old',
    place: { ...PROMOTED, dns: ['node2', 'node2'] },
    told: /FAILED test-old: .*node1 is no standby that can be trusted/,
  },
];

const LATE = new Set([
  'a unit that may run once does not stop',
  'the update of the old node fails',
]);

async function broken({ said = [], at, breaks }: Case, ...more: readonly string[]) {
  const world = createSwapWorld(BUILDERS, ONE_UNIT, UPDATE, ...said, ...more);
  const ref = await world.request();
  if (at !== undefined) await world.run(ref, at);
  await breaks(world);
  return { world, ref, state: await world.run(ref) };
}

/** Whatever was broken is as it should be again. */
function mend(world: SwapWorld, { mends }: Case) {
  const { fleet, zone } = world;
  for (const host of fleet.world().hosts.keys()) fleet.heal(host);
  fleet.world().tasks.clear();
  for (const kind of ['dns-refuse', 'dns-ignore'] as const) zone.faults.set(kind, 0);
  for (const server of zone.servers) (server as { frozenAt: unknown }).frozenAt = undefined;
  mends?.(world);
}

describe('when something goes wrong in a swap', () => {
  it.each(CASES)('$what: it asks, says where it stands, and can go back', async (one) => {
    const { world, ref, state } = await broken(one);
    expect(await world.heard(ref)).toMatch(one.told);
    expect(state.phase).toMatchObject({ kind: 'asking', step: one.asks });
    expect(await world.place()).toEqual(one.place);
    mend(world, one);
    if (state.phase.kind !== 'asking') return;
    const back = state.phase.prompt.options.find(({ does }) => does === 'rollback');
    await world.answer(ref, back?.word ?? '');
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
    expect(await world.place()).toEqual(BEFORE);
    expect(world.enabled()).toEqual(['node1']);
    expect(world.ttls()).toEqual([300, 300]);
  });

  it.each(CASES.filter(({ what, said }) => !LATE.has(what) && !said?.includes(BLOCKLIST)))(
    '$what: it goes on with retry once that is mended',
    async (one) => {
      const { world, ref, state } = await broken(one);
      if (state.phase.kind !== 'asking') throw new Error('it does not ask');
      mend(world, one);
      const again = state.phase.prompt.options.find(({ word }) =>
        ['retry', 'again', 'wait'].includes(word),
      );
      await world.answer(ref, again?.word ?? 'retry');
      expect((await world.run(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
      expect(await world.place()).toEqual(SWAPPED);
      expect(world.enabled()).toEqual(['node2']);
    },
  );

  it.each(
    CASES.filter(
      ({ asks = '', mends }) =>
        mends === undefined &&
        ['stop-units', 'start-units', 'swap', 'follow', 'verify'].includes(asks),
    ),
  )('$what: it goes back by itself where the site wants that', async (one) => {
    const world = createSwapWorld(BUILDERS, ONE_UNIT, UPDATE, ...(one.said ?? []), RETURNS);
    const ref = await world.request();
    if (one.at !== undefined) await world.run(ref, one.at);
    await one.breaks(world);
    const state = await world.run(ref);
    expect(await world.heard(ref)).toMatch(/is being rolled back: /);
    // What is broken on the node itself may keep it from going back, too.
    if (state.phase.kind === 'asking') {
      expect(state.phase).toMatchObject({ way: 'undo' });
      mend(world, one);
      await world.answer(ref, 'retry');
      await world.run(ref);
    }
    mend(world, one);
    expect(await world.place()).toEqual(BEFORE);
  });

  it('promotes past a node that does not answer, once two polls say that its power is off', async () => {
    const world = createSwapWorld(BUILDERS, ONE_UNIT, POWER);
    const ref = await world.request();
    await world.run(ref, 'await-ttl');
    world.fleet.fail('node1', 'ssh-refused', ALWAYS);
    const state = await world.run(ref, 'expire');
    expect(state.results.get('stop-units' as never)).toMatchObject({ output: { by: 'power' } });
    expect(world.fleet.host('node1').state).toBe('off');
    expect(await world.place()).toMatchObject({ dns: ['node2', 'node2'], scheduler: ['node2'] });
  });

  it('takes two answers for a proof that are 5 s apart, and none that is followed by another', async () => {
    const world = createSwapWorld(BUILDERS, ONE_UNIT, POWER);
    const { clock, fleet, ports } = world;
    const ref = await world.request();
    await world.run(ref, 'await-ttl');
    fleet.fail('node1', 'ssh-refused', ALWAYS);
    const said: (readonly [state: string, at: number])[] = [];
    const { state } = ports.power;
    Object.assign(ports.power, {
      // The first answer is an old one.
      state: async (...asked: Parameters<typeof state>) => {
        const found = said.length === 0 ? 'off' : await state(...asked);
        said.push([found, clock.now()]);
        return found;
      },
    });
    const proved = await world.run(ref, 'expire');
    expect(proved.results.get('stop-units' as never)).toMatchObject({ output: { by: 'power' } });
    expect(said.map(([found]) => found)).toEqual(['off', 'on', 'off', 'off']);
    const [old, on, first, second] = said.map(([, at]) => at) as [number, number, number, number];
    expect(on - old).toBeGreaterThanOrEqual(5_000);
    expect(second - first).toBeGreaterThanOrEqual(5_000);
    expect(second - first).toBeLessThan(10_000);
  });

  it('promotes past a node that does not answer, once the storage refuses it', async () => {
    const world = createSwapWorld(BUILDERS, ONE_UNIT, BLOCKLIST);
    const ref = await world.request();
    await world.run(ref, 'await-ttl');
    world.fleet.fail('node1', 'ssh-refused', ALWAYS);
    const state = await world.run(ref, 'expire');
    expect(state.results.get('stop-units' as never)).toMatchObject({ output: { by: 'blocklist' } });
    expect([...world.storage.barred.keys()]).toEqual(['10.0.0.1']);
  });
});
