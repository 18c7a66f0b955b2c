import { beforeEach, describe, expect, it } from 'vitest';
import type { LabTask } from '../../../src/adapters/simulated/fleet/world.ts';
import type { BuildFarm, TaskRights } from '../../../src/jobs/ports/build-farm.ts';
import { createFleetWorld, type FleetWorld } from './fleet-world.ts';

const BUILDER = 'builder-07';
const SERVICE: readonly string[] = ['disable', 'enable', 'install'];
const NO_RIGHTS: TaskRights = {
  requeue: [],
  cancel: [],
  lacking: 'bot lacks the permission admin in koji',
};

let world: FleetWorld;
beforeEach(() => {
  world = createFleetWorld();
});

/** Two builds run there, and its kojid is never heard again. */
function fallSilent(): void {
  world.fleet.fail(BUILDER, 'koji-offline');
  world.fleet.powerCycle(BUILDER);
}

function withRights(rights: TaskRights): void {
  (world.ports.farm as { rights: BuildFarm['rights'] }).rights = async () => rights;
}

async function asked() {
  const ref = await world.request(BUILDER);
  const { phase } = await world.run(ref);
  if (phase.kind !== 'asking') throw new Error(`it does not ask: ${phase.kind}`);
  const { question, options } = phase.prompt;
  return { ref, question, words: options.map(({ word }) => word) };
}

const heldThere = () =>
  [...world.fleet.world().tasks.values()].filter(({ host }) => host === BUILDER).length;

/** The build system gives the builder something new to do. */
function handOut(lengthMs: number): LabTask {
  const { tasks, settledAt: startedAt } = world.fleet.world();
  const given: LabTask = {
    ...{ id: 9001, method: 'buildArch', pkg: 'bash', startedAt, lengthMs, host: BUILDER },
    ...{ state: 'open', completedAt: undefined, stalled: false },
  };
  tasks.set(given.id, given);
  return given;
}

const isOf = (wanted: string) => (effect: { readonly host: string; readonly kind: string }) =>
  effect.host === BUILDER && effect.kind === wanted;

/** When it was in service, and that it was reinstalled out of it. */
const inAndOut = () =>
  world.fleet.effects
    .filter(({ host, kind }) => host === BUILDER && SERVICE.includes(kind))
    .map(({ kind }) => kind);

describe('a drained builder that falls silent', () => {
  beforeEach(fallSilent);

  it('is asked about within minutes and not after hours', async () => {
    const before = world.engine.now();
    const { question, words } = await asked();
    expect(question).toMatch(
      /^builder-07 has not checked in since \d\d:\d\d UTC and holds 2 tasks to finish: buildArch kernel .*, buildArch systemd .* · the build system frees nothing of a disabled builder$/,
    );
    expect(words).toEqual(['wait', 'requeue', 're-enable', 'abort', 'hold']);
    expect(world.engine.now() - before).toBeLessThan(10 * 60_000);
  });

  it('offers only what the bot may do, and says what it lacks', async () => {
    withRights(NO_RIGHTS);
    const { question, words } = await asked();
    expect(question).toMatch(/ · no requeue: bot lacks the permission admin in koji$/);
    expect(words).toEqual(['wait', 're-enable', 'abort', 'hold']);
  });

  it('cancels what is its own where it may not requeue', async () => {
    withRights({ ...NO_RIGHTS, cancel: [4101] });
    const { ref, words } = await asked();
    expect(words).toContain('cancel');
    await world.answer(ref, 'cancel');
    await world.settle(ref);
    expect(world.fleet.world().tasks.get(4101)?.state).toBe('canceled');
    expect(world.fleet.world().tasks.get(4102)?.state).toBe('open');
  });

  it('is free once its tasks are back in the queue', async () => {
    const { ref } = await asked();
    await world.answer(ref, 'requeue');
    await world.settle(ref);
    expect(heldThere()).toBe(0);
    expect(world.fleet.count({ host: BUILDER, kind: 'requeue' })).toBe(2);
    await world.run(ref);
    expect((await world.state(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('is enabled until the build system has freed its tasks, and then disabled again', async () => {
    const { ref } = await asked();
    await world.answer(ref, 're-enable');
    await world.settle(ref);
    expect(await world.builder(BUILDER)).toMatchObject({ enabled: true });
    expect((await world.state(ref)).current?.note).toMatch(
      /^enabled until the build system has freed 2 tasks to finish/,
    );
    await world.run(ref);
    expect(heldThere()).toBe(0);
    expect(world.fleet.count({ host: BUILDER, kind: 'requeue' })).toBe(0);
    expect(inAndOut()).toEqual(['disable', 'enable', 'disable', 'install', 'enable']);
  });

  it('is disabled again at once when it is heard, and takes no more than it was given', async () => {
    const { ref } = await asked();
    await world.answer(ref, 're-enable');
    await world.settle(ref);
    world.fleet.powerCycle(BUILDER);
    const given = handOut(60 * 60_000);
    await world.run(ref);
    const [, outAgain] = world.fleet.effects.filter(isOf('disable'));
    expect(outAgain?.at).toBeLessThan(given.startedAt + 10 * 60_000);
    expect(given.state).toBe('closed');
    expect(inAndOut()).toEqual(['disable', 'enable', 'disable', 'install', 'enable']);
  });

  it('is not asked about again for a while after the answer to wait', async () => {
    const { ref } = await asked();
    await world.answer(ref, 'wait');
    const before = world.engine.now();
    await world.run(ref);
    expect(world.engine.now() - before).toBeGreaterThan(2 * 60 * 60_000);
  });

  it('is put back as it was found by abort', async () => {
    const { ref } = await asked();
    await world.answer(ref, 'abort');
    await world.run(ref);
    expect((await world.state(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(await world.builder(BUILDER)).toMatchObject({ enabled: true, comment: '' });
  });

  it('is not enabled for a while where somebody had disabled it before', async () => {
    await world.ports.farm.disable(world.name(BUILDER), 'noisy fan', world.signal);
    const { words } = await asked();
    expect(words).not.toContain('re-enable');
  });
});

describe('a worker that dies while a silent builder is enabled for a while', () => {
  it('is followed by one that disables it again', async () => {
    fallSilent();
    const { ref } = await asked();
    await world.answer(ref, 're-enable');
    await world.dieAt(ref, 'farm', 'disable');
    await world.run(ref);
    expect(heldThere()).toBe(0);
    expect(inAndOut()).toEqual(['disable', 'enable', 'disable', 'install', 'enable']);
  });
});
