import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { StepId } from '../../../src/domain/ids.ts';
import type { Inventory, SitePattern } from '../../../src/domain/inventory.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { knownEvent } from '../../../src/jobs/model/event.ts';
import { fakeConsole } from './fake-console.ts';
import { createFleetWorld, type FleetWorld } from './fleet-world.ts';

const HOST = 'builder-04';
const PANIC = 'Kernel panic - not syncing: VFS: Unable to mount root fs';
const BOOT = ['POST', 'GRUB', 'Linux version 6.17', 'systemd[1]: Started'];
const lines = (...all: readonly string[]) => all.map((line) => `${line}\r\n`).join('');

function watched(before = '', change: (inventory: Inventory) => Inventory = (same) => same) {
  const console = fakeConsole(before);
  return { console, world: createFleetWorld(change, { console }) };
}

function looking(patterns: readonly SitePattern[]) {
  return (inventory: Inventory): Inventory => ({
    ...inventory,
    images: new Map(
      [...inventory.images].map(([id, image]) => [id, { ...image, consolePatterns: patterns }]),
    ),
  });
}

/** The installer begins, and never comes to its end. */
async function stuckInstallation(world: FleetWorld, host = HOST): Promise<OpRef> {
  world.fleet.fail(host, 'install-hang');
  return world.request(host);
}

const told = (world: FleetWorld, { zone }: OpRef) => world.engine.threads.after(zone, '0');

async function waits(world: FleetWorld, ref: OpRef): Promise<number> {
  const entries = await world.engine.journal.read(ref);
  return entries.filter((entry) => {
    const event = knownEvent(entry);
    return event?.kind === 'waiting' && event.step === 'await-ssh';
  }).length;
}

describe.each([
  ['a metal builder', 'builder-04'],
  ['a virtual builder', 'builder-03'],
])('the console of %s', (_what, host) => {
  it('fails the wait at once when it shows a panic, with the lines around it in the thread', async () => {
    const { world, console } = watched();
    if (host === 'builder-04') world.fleet.fail(host, 'install-hang');
    console.willPrint(lines(...BOOT, PANIC, 'CPU: 0', 'end'));
    const ref = await world.request(host);
    const { phase } = await world.run(ref);
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question: `await-ssh: the console of ${host} shows a kernel panic: ${PANIC} · ${host} is being reinstalled and stays disabled in the build system`,
      },
    });
    // The first look is at the end of the old text: nothing of it counts.
    expect(await told(world, ref)).toMatchObject([
      { line: `console of ${host}: a kernel panic`, more: [...BOOT, PANIC, 'CPU: 0', 'end'] },
    ]);
    expect(console.isOpen).toBe(false);
  });
});

describe('a watched console', () => {
  it('counts nothing that was there before the reinstallation', async () => {
    const { world } = watched(lines(PANIC));
    const ref = await world.request(HOST);
    expect((await world.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(await told(world, ref)).toEqual([]);
  });

  it('counts only what comes after a person has retried', async () => {
    const { world, console } = watched();
    const ref = await stuckInstallation(world);
    console.willPrint(lines(PANIC));
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'asking' });
    await world.answer(ref, 'retry');
    const { phase, current } = await world.run(ref);
    expect(phase).toMatchObject({ kind: 'asking' });
    expect(current?.failure?.result.code).toBe('step.overdue');
    expect(await told(world, ref)).toHaveLength(1);
  });

  it('is said and passed over when it shows something that may be harmless, once', async () => {
    const { world, console } = watched();
    console.willPrint(lines('[FAILED] Failed to start a', '[FAILED] Failed to start b'));
    const ref = await world.request(HOST);
    expect((await world.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(await told(world, ref)).toMatchObject([
      { line: `console of ${HOST}: [FAILED] Failed to start a`, important: true },
    ]);
    const log = await world.engine.stepLog.read(ref, StepId.parse('await-ssh'), 10);
    expect(log).toEqual(['[FAILED] Failed to start a', '[FAILED] Failed to start b']);
  });

  it('never makes the journal grow, however much it prints', async () => {
    const { world, console } = watched();
    const ref = await stuckInstallation(world);
    for (let turns = 0; (await waits(world, ref)) === 0 && turns < 500; turns += 1) {
      await world.turn(ref);
    }
    for (let polls = 0; polls < 20; polls += 1) {
      console.willPrint(lines(`line ${polls}`));
      await world.turn(ref);
    }
    expect(await waits(world, ref)).toBe(1);
    expect(await world.engine.bookmarks.find(ref, 'console')).toMatchObject({
      scanned: { before: ['line 15', 'line 16', 'line 17', 'line 18', 'line 19'] },
    });
  });

  it('does not show what only the installer may know', async () => {
    const { world, console } = watched();
    const ref = await stuckInstallation(world);
    for (let turns = 0; (await waits(world, ref)) === 0 && turns < 500; turns += 1) {
      await world.turn(ref);
    }
    const { nonce } = z
      .looseObject({ nonce: z.string() })
      .parse((await world.state(ref)).intents.get(StepId.parse('reinstall')));
    console.willPrint(
      lines(`Command line: inst.ks=http://install/${nonce}/ks`, `${PANIC} ${nonce}`),
    );
    const { phase } = await world.run(ref);
    const log = await world.engine.stepLog.read(ref, StepId.parse('await-ssh'), 10);
    const shown = JSON.stringify([await told(world, ref), log, phase]);
    expect(shown).toContain('inst.ks=http://install/[secret]/ks');
    expect(shown).not.toContain(nonce);
  });

  it('is looked at again after the restart that proves the image, from there on', async () => {
    const { world, console } = watched();
    world.fleet.fail(HOST, 'configure');
    const ref = await world.request(HOST);
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'asking' });
    console.willPrint(lines('grub rescue> '));
    await world.answer(ref, 'retry');
    const { phase } = await world.run(ref);
    expect(phase).toMatchObject({
      prompt: {
        question: expect.stringMatching(
          /^prove: the console of \S+ shows a rescue prompt of GRUB: grub rescue>/,
        ),
      },
    });
  });

  it('fails the same attempt again when its worker died before that was on record', async () => {
    const { world, console } = watched();
    const ref = await stuckInstallation(world);
    console.willPrint(lines(PANIC));
    await world.dieAt(ref, 'console', 'close');
    expect((await world.run(ref)).phase).toMatchObject({
      prompt: { question: expect.stringContaining('shows a kernel panic') },
    });
    expect(await told(world, ref)).toHaveLength(1);
  });

  it('is told apart by what the image says of it', async () => {
    const { world, console } = watched(
      '',
      looking([{ match: '^mirror \\S+ is empty', severity: 'fatal' }]),
    );
    const ref = await stuckInstallation(world);
    console.willPrint(lines('mirror f43 is empty'));
    const { phase, current } = await world.run(ref);
    expect(phase).toMatchObject({ kind: 'asking' });
    expect(current?.failure?.result).toMatchObject({
      code: 'console.matched',
      text: `the console of ${HOST} shows a match of ^mirror \\S+ is empty: mirror f43 is empty`,
    });
  });

  it('that does not answer is said once, and the reimage goes on without it', async () => {
    const { world, console } = watched();
    console.goesAway();
    const ref = await world.request(HOST);
    expect((await world.run(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    const said = (await told(world, ref)).map(({ line }) => line);
    const trouble = `going on without the console of ${HOST}: SSH to vhost-01 failed: no route`;
    expect(said).toEqual([trouble]);
  });

  it('that answers again is watched from there on', async () => {
    const { world, console } = watched();
    console.goesAway();
    const ref = await stuckInstallation(world);
    for (let turns = 0; (await waits(world, ref)) === 0 && turns < 500; turns += 1) {
      await world.turn(ref);
    }
    console.comesBack();
    await world.turn(ref);
    console.willPrint(lines(PANIC));
    expect((await world.run(ref)).phase).toMatchObject({
      prompt: { question: expect.stringContaining('shows a kernel panic') },
    });
  });

  it('makes no other plan than none', async () => {
    const digestOf = async (world: FleetWorld, patterns: readonly SitePattern[] = []) => {
      const state = await world.state(await world.request(HOST));
      return [state.request.plan.digest, patterns.length];
    };
    const [without] = await digestOf(createFleetWorld());
    const [withOne] = await digestOf(
      watched('', looking([{ match: 'x', severity: 'warning' }])).world,
    );
    expect(withOne).toBe(without);
  });
});
