import type { HostName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import { defineDriver } from '../driver.ts';
import { libvirtGuests } from './libvirt/libvirt-guests.ts';
import { LibvirtConfig } from './libvirt/libvirt-options.ts';
import { virtHost } from './libvirt/virt-host.ts';

/** Virtual hosts under libvirt, made anew from golden images. */
export default defineDriver({
  port: 'hypervisor',
  product: 'libvirt',
  config: LibvirtConfig,
  connect: (config, { zone, shell, inventory }) => ({
    port: libvirtGuests({ shell, inventory, config }),
    async check(signal) {
      const { uri } = config;
      const names = hypervisorsIn(inventory.current(), zone);
      const hosts = names.map((name) => virtHost(name, { shell: shell(), uri }, signal));
      await Promise.all(hosts.map((host) => host.virsh('uri')));
      return `${uri} on ${names.join(', ') || 'no hypervisor'}, images in ${config.images}`;
    },
    close: async () => {},
  }),
});

function hypervisorsIn({ hosts }: Inventory, zone: string): readonly HostName[] {
  const inZone = [...hosts.values()].filter((host) => host.zone === zone);
  return [...new Set(inZone.flatMap(({ hypervisor }) => hypervisor ?? []))];
}
