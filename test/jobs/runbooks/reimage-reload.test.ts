import { beforeEach, describe, expect, it } from 'vitest';
import type { Image, Inventory } from '../../../src/domain/inventory.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { createFleetWorld, type FleetWorld } from './fleet-world.ts';

const HOST = 'builder-04';

let world: FleetWorld;
let ref: OpRef;

/** Reinstalled, and its worker was lost before the first file was put. */
beforeEach(async () => {
  world = createFleetWorld();
  ref = await world.request(HOST);
  await world.dieAt(ref, 'shell', 'putFile');
});

const withImages = (change: (image: Image) => Image | undefined) => (before: Inventory) => {
  const images = [...before.images.values()].flatMap((image) => change(image) ?? []);
  return { ...before, images: new Map(images.map((image) => [image.id, image])) };
};

/** One more command in front: what ran before would otherwise be taken for another one. */
const anotherCommand = withImages((image) => {
  const { commands } = image.postInstall;
  return { ...image, postInstall: { ...image.postInstall, commands: [['id'], ...commands] } };
});

const addressed = (before: Inventory) => {
  const hosts = [...before.hosts].map(
    ([name, host]) => [name, { ...host, address: name }] as const,
  );
  return { ...before, hosts: new Map(hosts) };
};

async function putBack(inventory: Inventory) {
  world.reload(() => inventory);
  await world.answer(ref, 'retry');
  return world.run(ref);
}

describe('a reload in the middle of a reimage', () => {
  it('that configures the image another way has it ask, and does nothing that was not approved', async () => {
    const approved = world.ports.inventory.current();
    world.reload(anotherCommand);
    const { phase } = await world.run(ref);
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question: `configure: the post-install configuration of f43-builder@2026.11.18 was changed: another one was approved · ${HOST} is reinstalled and stays disabled in the build system`,
        options: [{ word: 'retry' }, { word: 'hold' }],
      },
    });
    expect(world.fleet.count({ host: HOST, kind: 'command' })).toBe(0);
    expect((await putBack(approved)).phase).toMatchObject({ outcome: 'succeeded' });
    for (const argv of world.commandsOf(HOST)) expect(world.timesRun(HOST, argv)).toBe(1);
  });

  it('that takes the image away has it ask, and it goes on when it is there again', async () => {
    const approved = world.ports.inventory.current();
    world.reload(withImages(() => undefined));
    const { phase } = await world.run(ref);
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringContaining('is not in the inventory: it was removed') },
    });
    expect((await putBack(approved)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('that is about something else does not concern it', async () => {
    world.reload(addressed);
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });
});
