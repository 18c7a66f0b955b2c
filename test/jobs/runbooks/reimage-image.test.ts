import { expect, it } from 'vitest';
import { demoFleet } from '../../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { simulatedPorts } from '../../../src/adapters/simulated/simulated-ports.ts';
import type { HostName } from '../../../src/domain/ids.ts';
import type { Image, ImageGuest, ImageInstaller } from '../../../src/domain/inventory.ts';
import { planOperation } from '../../../src/jobs/engine/plan-operation.ts';
import reimage from '../../../src/jobs/runbooks/reimage.ts';
import { GUEST, METAL } from '../../adapters/simulated/fleet/small-fleet.ts';

const MADE: ImageGuest = {
  disk: { path: 'f43/builder.qcow2', sha256: 'a'.repeat(64) },
  userData: '#cloud-config\n',
};

const INSTALLED: ImageInstaller = {
  kind: 'kickstart',
  kernel: { path: 'f43/vmlinuz', sha256: 'a'.repeat(64) },
  initrd: { path: 'f43/initrd.img', sha256: 'b'.repeat(64) },
  template: 'f43.ks',
  arguments: [],
  restoresBootEntry: false,
};

async function digestOf(host: HostName, made: Partial<Image>): Promise<string> {
  const fleet = demoFleet({ clock: leapingClock() });
  const before = simulatedPorts(fleet).inventory.current();
  const images = new Map([...before.images].map(([id, image]) => [id, { ...image, ...made }]));
  const inventory = { ...before, images };
  const ports = simulatedPorts(fleet, { inventory: { current: () => inventory } });
  const [input] = reimage.command.toInputs({ targets: [host] }, inventory);
  const plan = await planOperation(reimage, input, ports, new AbortController().signal);
  return plan.digest;
}

it('makes another plan for a guest when its image is made from another disk, or told otherwise', async () => {
  const digests = await Promise.all([
    digestOf(GUEST, { guest: MADE }),
    digestOf(GUEST, { guest: { ...MADE, disk: { ...MADE.disk, sha256: 'b'.repeat(64) } } }),
    digestOf(GUEST, { guest: { ...MADE, disk: { ...MADE.disk, path: 'f43/other.qcow2' } } }),
    digestOf(GUEST, { guest: { ...MADE, userData: '#cloud-config\n# other\n' } }),
  ]);
  expect(new Set(digests).size).toBe(4);
  expect(await digestOf(GUEST, { guest: MADE })).toBe(digests[0]);
});

it('makes another plan for metal when its installer is booted or told otherwise', async () => {
  const digests = await Promise.all([
    digestOf(METAL, { installer: INSTALLED }),
    digestOf(METAL, { installer: { ...INSTALLED, arguments: ['inst.text'] } }),
    digestOf(METAL, { installer: { ...INSTALLED, template: 'other.ks' } }),
  ]);
  expect(new Set(digests).size).toBe(3);
});

it('makes the same plan for metal when its guests are made otherwise, and for guests when metal is', async () => {
  const other = { ...MADE, userData: '#cloud-config\n# other\n' };
  expect(await digestOf(METAL, { guest: MADE })).toBe(await digestOf(METAL, { guest: other }));
  const installed = { guest: MADE, installer: INSTALLED };
  expect(await digestOf(GUEST, { guest: MADE })).toBe(await digestOf(GUEST, installed));
});
