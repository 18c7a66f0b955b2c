import { expect, it } from 'vitest';
import { demoFleet } from '../../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { simulatedPorts } from '../../../src/adapters/simulated/simulated-ports.ts';
import type { HostName } from '../../../src/domain/ids.ts';
import type { ImageGuest } from '../../../src/domain/inventory.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { GUEST, METAL } from '../../adapters/simulated/fleet/small-fleet.ts';

const MADE: ImageGuest = {
  disk: { path: 'f43/builder.qcow2', sha256: 'a'.repeat(64) },
  userData: '#cloud-config\n',
};

async function digestOf(host: HostName, guest: ImageGuest): Promise<string> {
  const fleet = demoFleet({ clock: leapingClock() });
  const before = simulatedPorts(fleet).inventory.current();
  const images = new Map([...before.images].map(([id, image]) => [id, { ...image, guest }]));
  const inventory = { ...before, images };
  const ports = simulatedPorts(fleet, { inventory: { current: () => inventory } });
  const [input] = reimage.command.toInputs({ targets: [host] }, inventory);
  const plan = await planOperation(reimage, input, ports, new AbortController().signal);
  return plan.digest;
}

it('makes another plan for a guest when its image is made from another disk, or told otherwise', async () => {
  const digests = await Promise.all([
    digestOf(GUEST, MADE),
    digestOf(GUEST, { ...MADE, disk: { ...MADE.disk, sha256: 'b'.repeat(64) } }),
    digestOf(GUEST, { ...MADE, disk: { ...MADE.disk, path: 'f43/other.qcow2' } }),
    digestOf(GUEST, { ...MADE, userData: '#cloud-config\n# other\n' }),
  ]);
  expect(new Set(digests).size).toBe(4);
  expect(await digestOf(GUEST, MADE)).toBe(digests[0]);
});

it('makes the same plan for metal, which has nothing of it', async () => {
  const other = { ...MADE, userData: '#cloud-config\n# other\n' };
  expect(await digestOf(METAL, MADE)).toBe(await digestOf(METAL, other));
});
