import { beforeEach, describe, expect, it } from 'vitest';
import { StepId } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { createFleetWorld, type FleetWorld } from './fleet-world.ts';

const METAL = 'builder-04';
const VIRTUAL = 'builder-03';
const DISABLED_BEFORE = 'builder-11';

let world: FleetWorld;
beforeEach(() => {
  world = createFleetWorld();
});

describe.each([
  ['a metal builder', METAL],
  ['a virtual builder', VIRTUAL],
])('reimage of %s', (_what, host) => {
  it('ends with a pristine builder back in service', async () => {
    const before = world.fleet.host(host).bootId;
    const state = await world.run(await world.request(host));
    expect(state.phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const { bootId, system } = world.fleet.host(host);
    expect(bootId).not.toBe(before);
    expect([...system.files.keys()]).toContain('/etc/kojid/kojid.conf');
    expect(await world.builder(host)).toMatchObject({ enabled: true, ready: true });
    expect(world.fleet.count({ host, kind: 'install' })).toBe(1);
  });

  it('leaves nothing armed and no token open', async () => {
    await world.run(await world.request(host));
    expect(await world.ports.installer.armedFor(world.name(host), world.signal)).toBeUndefined();
    expect(world.openTokens()).toEqual([]);
  });

  it('asks when the configuration fails, and goes on with retry', async () => {
    world.fleet.fail(host, 'configure');
    const ref = await world.request(host);
    const { phase } = await world.run(ref);
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question: `configure: ${host}: mount /srv/cache: no such device · ${host} is reinstalled and stays disabled in the build system`,
        options: [{ word: 'retry' }, { word: 'hold' }],
      },
    });
    await world.answer(ref, 'retry');
    expect((await world.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(world.fleet.count({ host, kind: 'install' })).toBe(1);
  });

  it('can be rolled back before the reinstallation, and the builder is enabled again', async () => {
    world.fleet.fail(host, 'prepare', 5);
    const ref = await world.request(host);
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'asking' });
    expect(await world.builder(host)).toMatchObject({ enabled: false });
    await world.answer(ref, 'rollback');
    expect((await world.run(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(await world.builder(host)).toMatchObject({ enabled: true, comment: '' });
    expect(world.fleet.count({ host, kind: 'install' })).toBe(0);
  });

  it('does not believe a host that came up with another image', async () => {
    world.fleet.fail(host, 'wrong-image');
    const { phase } = await world.run(await world.request(host));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringContaining('wanted was') },
    });
    expect(await world.builder(host)).toMatchObject({ enabled: false });
  });

  it('does not believe a host that shows another key than its installer reported', async () => {
    world.fleet.fail(host, 'wrong-key');
    const { phase } = await world.run(await world.request(host));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringMatching(/host key/i) },
    });
  });

  it('asks when the installer never reports', async () => {
    world.fleet.fail(host, 'install-hang');
    const { phase } = await world.run(await world.request(host));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringContaining('waited too long: waiting for the installer') },
    });
  });
});

describe('reimage', () => {
  it('leaves a builder disabled that somebody had disabled before, with their comment', async () => {
    const before = await world.builder(DISABLED_BEFORE);
    expect(before.enabled).toBe(false);
    const { phase } = await world.run(await world.request(DISABLED_BEFORE));
    expect(phase).toMatchObject({ outcome: 'succeeded' });
    expect(await world.builder(DISABLED_BEFORE)).toMatchObject({
      enabled: false,
      comment: before.comment,
    });
  });

  it('waits for running builds and says what it waits for', async () => {
    const ref = await world.request('builder-07');
    await world.settle(ref);
    const { current } = await world.state(ref);
    expect(current?.note).toMatch(/^waiting for 2 tasks to finish: buildArch /);
    expect((await world.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('keeps the content of persistent disks and gives a new root disk', async () => {
    const disks = () =>
      new Map(world.fleet.host(VIRTUAL).disks.map((disk) => [disk.name, disk.content]));
    const before = disks();
    await world.run(await world.request(VIRTUAL));
    const after = disks();
    for (const disk of world.fleet.host(VIRTUAL).disks) {
      if (disk.persistent) expect(after.get(disk.name)).toBe(before.get(disk.name));
      else expect(after.get(disk.name)).not.toBe(before.get(disk.name));
    }
  });

  it('makes a guest anew that shows a key nobody knows, and then knows the new one', async () => {
    const stranger = world.fleet.host(METAL).system.hostKey.publicKey;
    await world.ports.hostKeys.replace(world.name(VIRTUAL), stranger, 'as after a break-in');
    const { phase } = await world.run(await world.request(VIRTUAL));
    expect(phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(await world.ports.hostKeys.expected(world.name(VIRTUAL))).toBe(
      world.fleet.host(VIRTUAL).system.hostKey.publicKey,
    );
  });

  it('leaves metal alone that shows a key nobody knows: it could only be asked itself', async () => {
    const stranger = world.fleet.host(VIRTUAL).system.hostKey.publicKey;
    await world.ports.hostKeys.replace(world.name(METAL), stranger, 'as after a break-in');
    const { phase } = await world.run(await world.request(METAL));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringMatching(/host key/i) },
    });
    expect(world.fleet.count({ host: METAL, kind: 'restart' })).toBe(0);
  });

  it('keeps secrets out of the journal and the log', async () => {
    const ref = await world.request(METAL);
    await world.run(ref);
    const journal = JSON.stringify(await world.engine.journal.read(ref));
    expect(world.secrets.length).toBeGreaterThan(0);
    for (const secret of world.secrets) expect(journal).not.toContain(secret);
  });
});

describe('the log of the configuration', () => {
  const ran = async (ref: OpRef) => {
    const log = await world.engine.stepLog.read(ref, StepId.parse('configure'), 100);
    return log.filter((line) => line.startsWith('$ '));
  };
  const typed = (host: string) => world.commandsOf(host).map((argv) => `$ ${argv.join(' ')}`);

  it('shows each command once, however often it was looked at', async () => {
    const ref = await world.request(METAL);
    await world.run(ref);
    expect(typed(METAL).length).toBeGreaterThan(1);
    expect(await ran(ref)).toEqual(typed(METAL));
  });

  it('shows each command once where another worker went on after the first ones', async () => {
    const ref = await world.request(METAL);
    await world.dieAt(ref, 'shell', 'startClaimed', { after: 2 });
    await world.run(ref);
    expect(await ran(ref)).toEqual(typed(METAL));
  });

  it('says which attempt did what a retry does not do again', async () => {
    const ref = await world.request(METAL);
    await world.run(ref, 'configure');
    const [mount = []] = world.commandsOf(METAL);
    while (world.timesRun(METAL, mount) === 0) await world.turn(ref);
    world.fleet.fail(METAL, 'configure');
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'asking' });
    await world.answer(ref, 'retry');
    await world.run(ref);
    const [first, second, ...rest] = typed(METAL);
    const again = `${first} (ran in attempt 1)`;
    expect(await ran(ref)).toEqual([first, second, again, second, ...rest]);
  });
});

describe('a worker that dies inside the configuration', () => {
  it('is followed by another that repeats no command that was done', async () => {
    const ref = await world.request(METAL);
    await world.dieAt(ref, 'shell', 'startClaimed', { after: 2 });
    const { phase } = await world.run(ref);
    expect(phase).toMatchObject({ outcome: 'succeeded' });
    expect(world.commandsOf(METAL).length).toBeGreaterThan(1);
    for (const argv of world.commandsOf(METAL)) {
      expect(world.timesRun(METAL, argv), argv.join(' ')).toBe(1);
    }
  });
});

describe('a worker that dies between arming and firing', () => {
  it('leaves nothing armed when the next one stops there', async () => {
    const ref = await world.request(METAL);
    await world.dieAt(ref, 'installer', 'fire');
    await world.run(ref);
    expect(world.fleet.count({ host: METAL, kind: 'install' })).toBeLessThanOrEqual(1);
    expect(await world.ports.installer.armedFor(world.name(METAL), world.signal)).toBeUndefined();
  });
});
