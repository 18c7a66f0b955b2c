import { describe, expect, it } from 'vitest';
import { BUILDERS, LOOKS_UP, ONE_UNIT, RETURNS, UPDATE } from './pair-inventory.ts';
import { createSwapWorld, type SwapWorld } from './swap-world.ts';

const SWAPPED = {
  dns: ['node2', 'node2'],
  scheduler: ['node2'],
  'builder-01': 'up enabled',
  'builder-02': 'off disabled',
};
const AS_BEFORE = {
  dns: ['node1', 'node1'],
  scheduler: ['node1'],
  'builder-01': 'off disabled',
  'builder-02': 'up enabled',
};

const world = (...more: readonly string[]) => createSwapWorld(BUILDERS, ONE_UNIT, UPDATE, ...more);

/** Fails its tests on node2 from the moment at which that is promoted. */
async function failingAfterSwap(made: SwapWorld) {
  const ref = await made.request();
  await made.run(ref, 'start-units');
  made.fleet.fail('node2', 'check', 1_000);
  return { ref, state: await made.run(ref) };
}

describe('a swap', () => {
  it('moves the service, updates both nodes on the way and moves the builders', async () => {
    const made = world();
    const ref = await made.request();
    expect((await made.run(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await made.place()).toEqual(SWAPPED);
    expect(made.ttls()).toEqual([300, 300]);
    for (const host of ['node1', 'node2']) {
      expect(made.fleet.count({ host, kind: 'claim' })).toBeGreaterThan(0);
      expect(made.fleet.count({ host, kind: 'command', detail: 'apply-updates' })).toBe(1);
    }
  });

  it('leaves nothing to start at the next boot where it was active, and enables it where it is', async () => {
    const reboots = '    update: { commands: [[apply-updates]], reboot: true }\n';
    const made = createSwapWorld(ONE_UNIT, reboots);
    const before = made.fleet.host('node1').bootId;
    expect((await made.run(await made.request())).phase).toMatchObject({ outcome: 'succeeded' });
    expect(made.fleet.host('node1').bootId).not.toBe(before);
    expect(await made.place()).toMatchObject({ scheduler: ['node2'] });
    expect(made.enabled()).toEqual(['node2']);
    await made.run(await made.request({ update: false, anytime: true }));
    expect(made.enabled()).toEqual(['node1']);
  });

  it('enables nothing that was not enabled', async () => {
    const made = world();
    made.fleet.host('node1').system.enabled.clear();
    expect((await made.run(await made.request())).phase).toMatchObject({ outcome: 'succeeded' });
    expect(made.enabled()).toEqual([]);
  });

  it('comes back without an update, and enables again what it disabled', async () => {
    const made = world();
    await made.run(await made.request());
    const ref = await made.request({ update: false, anytime: true });
    expect((await made.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(await made.place()).toEqual(AS_BEFORE);
    expect(made.fleet.count({ host: 'node1', kind: 'command', detail: 'apply-updates' })).toBe(1);
  });

  it('leaves a builder alone that somebody had disabled', async () => {
    const made = world();
    await made.ports.farm.disable(made.host('builder-01'), 'broken fan', made.signal);
    expect((await made.run(await made.request())).phase).toMatchObject({ outcome: 'succeeded' });
    expect(await made.place()).toMatchObject({ 'builder-01': 'up disabled' });
  });

  it.each([
    ['disable', 'broken fan', false],
    ['enable', 'slow disk', true],
  ] as const)(
    '%ss a builder with its comment (%s) again on the way back',
    async (verb, comment, enabled) => {
      const made = world();
      const builder = made.host('builder-02');
      await made.ports.farm[verb](builder, comment, made.signal);
      await made.run(await made.request());
      await made.run(await made.request({ update: false, anytime: true }));
      expect(await made.ports.farm.builder(builder, made.signal)).toMatchObject({
        enabled,
        comment,
      });
      expect(await made.place()).toMatchObject({ 'builder-02': expect.stringMatching(/^up/) });
    },
  );

  it('asks a builder that it has started to power off for as long as it does not listen', async () => {
    const made = world();
    const ref = await made.request();
    made.fleet.fail('builder-01', 'koji-offline', 1_000);
    const asking = await made.run(ref);
    expect(asking.phase).toMatchObject({ kind: 'asking', step: 'start-1' });
    made.fleet.fail('builder-01', 'deaf', 3);
    await made.answer(ref, 'rollback');
    expect((await made.run(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(await made.place()).toEqual(AS_BEFORE);
  });

  it('lets the builders leave before a standby is restarted', async () => {
    const made = createSwapWorld(
      BUILDERS,
      '    update: { commands: [[apply-updates]], reboot: true }\n',
    );
    const { steps } = await made.plan();
    const ids = steps.map(({ id }) => `${id}`);
    expect(ids.indexOf('shut-down-1')).toBeLessThan(ids.indexOf('update'));
    const ref = await made.request();
    const before = made.fleet.host('node2').bootId;
    expect((await made.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(made.fleet.host('node2').bootId).not.toBe(before);
    expect(made.fleet.count({ kind: 'build-killed' })).toBe(0);
  });

  it('goes back by itself when its tests fail, where nothing that was written forbids it', async () => {
    for (const policy of [RETURNS, LOOKS_UP]) {
      const made = world(policy);
      const { ref, state } = await failingAfterSwap(made);
      expect(state.phase).toMatchObject({ kind: 'ended', outcome: 'rolled-back' });
      expect(await made.place()).toEqual(AS_BEFORE);
      expect(made.ttls()).toEqual([300, 300]);
      expect(await made.heard(ref)).toMatch(
        /is being rolled back: compute fails its tests at node2: web: expected HTTP 200, came HTTP 503/,
      );
    }
  });

  it('asks when something was written since, and shows what failed', async () => {
    const made = world(LOOKS_UP);
    const { run } = made.ports.shell;
    Object.assign(made.ports.shell, {
      run: async (...call: Parameters<typeof run>) =>
        call[1].argv[0] === 'nothing-written'
          ? { code: 1, stdout: '', stderr: '', truncated: false }
          : run(...call),
    });
    const { ref, state } = await failingAfterSwap(made);
    expect(state.phase).toMatchObject({ kind: 'asking' });
    expect(await made.place()).toMatchObject({ dns: ['node2', 'node2'], scheduler: ['node2'] });
    expect(await made.heard(ref)).toMatch(
      /compute fails its tests at node2: web: .*HTTP 503.*points at node2 · it does not go back by itself: something was written on node2 since/,
    );
  });

  it.each([
    ['rollback', 'rolled-back', AS_BEFORE],
    ['keep', 'succeeded', SWAPPED],
  ])('does what somebody answers: %s', async (word, outcome, place) => {
    const made = world();
    const { ref } = await failingAfterSwap(made);
    await made.answer(ref, word);
    expect((await made.run(ref)).phase).toMatchObject({ kind: 'ended', outcome });
    expect(await made.place()).toEqual(place);
  });

  it('tests again when somebody says so', async () => {
    const made = world();
    const { ref } = await failingAfterSwap(made);
    made.fleet.heal('node2');
    await made.answer(ref, 'again');
    expect((await made.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('says where it stands when going back fails, and goes on with retry', async () => {
    const made = world(RETURNS);
    const ref = await made.request();
    await made.run(ref, 'start-units');
    made.fleet.fail('node2', 'check', 1_000);
    await made.run(ref, 'verify');
    made.zone.faults.set('dns-refuse', 1_000);
    expect((await made.run(ref)).phase).toMatchObject({
      kind: 'asking',
      way: 'undo',
      step: 'swap',
    });
    expect(await made.place()).toMatchObject({
      dns: ['node2', 'node2'],
      scheduler: ['node2'],
      'builder-02': 'off disabled',
    });
    expect(await made.heard(ref)).toMatch(/FAILED undoing: swap: ns1.example.org refused/);
    made.zone.faults.set('dns-refuse', 0);
    await made.answer(ref, 'retry');
    expect((await made.run(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(await made.place()).toEqual(AS_BEFORE);
  });
});
