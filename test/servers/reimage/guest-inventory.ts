import type { VirtHost } from '../guest-host/start-virt-host.ts';
import { type ImageFacts, type TinyImage, tinyImages } from './tiny-images.ts';
import type { VirtGuest } from './virt-guest.ts';

export const HYPERVISOR = 'virt-01';

/** The inventory of a site with one hypervisor and its guests, as its YAML file has it. */
export function guestInventory(
  { ssh }: VirtHost,
  guests: readonly VirtGuest[],
  images: ImageFacts,
) {
  const common = {
    zone: 'staging',
    environment: 'staging',
    architecture: 'x86_64',
    address: '127.0.0.1',
  };
  const hypervisor = { ...common, kind: 'metal', ssh: { port: ssh.port, user: ssh.user } };
  const builders = guests.map(({ name, sshPort }) => [
    name,
    {
      ...common,
      kind: 'virtual',
      hypervisor: HYPERVISOR,
      pool: 'builders',
      image: 'tiny' satisfies TinyImage,
      disks: [{ name: 'vda' }, { name: 'vdb', persistent: true }],
      ssh: { port: sshPort, user: 'root' },
    },
  ]);
  return {
    images: tinyImages(images),
    pools: { builders: { 'max-unavailable': guests.length } },
    hosts: { [HYPERVISOR]: hypervisor, ...Object.fromEntries(builders) },
  };
}
