import { describe, expect, it } from 'vitest';
import { demoFleet } from '../../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { simulatedPorts } from '../../../src/adapters/simulated/simulated-ports.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { Inventory, Playbook } from '../../../src/domain/inventory.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { createFleetWorld } from './fleet-world.ts';

const HOST = HostName.parse('builder-03');
const PLAYBOOK = { file: 'site.yml', commit: 'a'.repeat(40) };

/** The same inventory, in which every image is configured by this playbook too. */
function withPlaybook(inventory: Inventory, playbook: Playbook): Inventory {
  const images = [...inventory.images].map(([id, image]) => {
    return [id, { ...image, postInstall: { ...image.postInstall, playbook } }] as const;
  });
  return { ...inventory, images: new Map(images) };
}

async function digestWith(playbook: Playbook): Promise<string> {
  const fleet = demoFleet({ clock: leapingClock() });
  const inventory = withPlaybook(simulatedPorts(fleet).inventory.current(), playbook);
  const ports = simulatedPorts(fleet, { inventory: { current: () => inventory } });
  const [input] = reimage.command.toInputs({ targets: [HOST] }, inventory);
  const plan = await planOperation(reimage, input, ports, new AbortController().signal);
  return plan.digest;
}

describe('an image that is configured by a playbook', () => {
  it('makes another plan with another commit, or with another file of it', async () => {
    const digests = await Promise.all([
      digestWith(PLAYBOOK),
      digestWith({ ...PLAYBOOK, commit: 'b'.repeat(40) }),
      digestWith({ ...PLAYBOOK, file: 'other.yml' }),
    ]);
    expect(new Set(digests).size).toBe(3);
    expect(await digestWith(PLAYBOOK)).toBe(digests[0]);
  });

  it('runs it after files and commands, and once more when its worker died in it', async () => {
    const world = createFleetWorld((inventory) => withPlaybook(inventory, PLAYBOOK));
    const ref = await world.request(HOST);
    await world.dieAt(ref, 'configuration', 'apply');
    expect((await world.state(ref)).current?.note).toBe('running site.yml at aaaaaaaaaaaa');
    expect((await world.run(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    const { files } = world.fleet.host(HOST).system;
    expect(files.get('/etc/signalbox-playbook')?.content.toString()).toBe(
      `site.yml ${PLAYBOOK.commit}\n`,
    );
    for (const argv of world.commandsOf(HOST)) expect(world.timesRun(HOST, argv)).toBe(1);
  });
});
