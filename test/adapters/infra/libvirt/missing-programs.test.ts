import { expect, it } from 'vitest';
import { refuseMissingPrograms } from '../../../../src/adapters/infra/libvirt/missing-programs.ts';
import { GUEST, HYPERVISOR } from './example-guest.ts';

const absent = () => Promise.reject(new Error('nothing else is asked'));
const without = (...missing: readonly string[]) => ({
  name: HYPERVISOR,
  run: absent,
  virsh: absent,
  output: async () => missing.map((name) => `${name}\n`).join(''),
});

it('takes a hypervisor with one of the programs that make a seed', async () => {
  await refuseMissingPrograms(without(), GUEST);
  await refuseMissingPrograms(without('genisoimage', 'mkisofs', 'cloud-localds'), GUEST);
});

it('refuses a hypervisor without a program, and names all that are missing', async () => {
  const seedPrograms = ['genisoimage', 'xorriso', 'mkisofs', 'cloud-localds'];
  await expect(
    refuseMissingPrograms(without('qemu-img', 'flock', ...seedPrograms), GUEST),
  ).rejects.toMatchObject({
    code: 'hypervisor.no-tool',
    effect: 'none',
    message:
      'builder-09 cannot be made anew: vhost-01 has no qemu-img, flock, genisoimage or xorriso or mkisofs or cloud-localds',
  });
});
