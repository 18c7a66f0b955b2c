import type { HostName, ImageId } from '../../../domain/ids.ts';
import type { Hypervisor } from '../../../jobs/ports/hypervisor.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { actOnGuest, type GuestPlace } from './act-on-guest.ts';
import { refuseBusyGuest } from './busy-guest.ts';
import { defineInput } from './define-input.ts';
import { freshDisksInput } from './fresh-disks-input.ts';
import { neededMb, refuseFullFolder } from './full-folder.ts';
import { type GoldenImage, guestImage } from './guest-image.ts';
import { markOf } from './guest-mark.ts';
import { isListed, parseDomain, readDomainXml } from './guest-reads.ts';
import type { LibvirtConfig } from './libvirt-options.ts';
import { refuseMissingPrograms } from './missing-programs.ts';
import { readDefinition, savedDefinition } from './read-definition.ts';
import { undefineInput } from './undefine-input.ts';
import { refuseUnfitDisks } from './unfit-disks.ts';
import { refuseUnfitImage } from './unfit-image.ts';
import { hypervisorOf, type VirtHost, virtHost } from './virt-host.ts';

export interface LibvirtOptions {
  readonly shell: () => RemoteShell;
  readonly inventory: InventorySource;
  readonly config: LibvirtConfig;
}

/**
 * Guests of libvirt, through the shell of their hypervisor. Whatever acts is a script there, under a claim and behind a
 * fence of its own; whatever reads is virsh and qemu-img.
 */
export function libvirtGuests({ shell, inventory, config }: LibvirtOptions): Hypervisor {
  const { uri, images, disks: folder, state } = config;
  const reach = (guest: HostName, signal: AbortSignal): VirtHost =>
    virtHost(hypervisorOf(inventory.current(), guest), { shell: shell(), uri }, signal);
  const placeOf = (guest: HostName): GuestPlace => ({
    shell: shell(),
    guest,
    hypervisor: hypervisorOf(inventory.current(), guest),
    uri,
    state,
  });
  const goldenOf = (guest: HostName, image: ImageId): GoldenImage => {
    const made = guestImage(inventory.current(), guest, image);
    return { ...made, path: `${images}/${made.disk.path}` };
  };
  const read = (host: VirtHost, guest: HostName) => {
    const declared = inventory.current().hosts.get(guest)?.disks ?? [];
    return readDefinition(host, guest, { declared, folder });
  };

  return {
    async check(guest, image, signal) {
      const golden = goldenOf(guest, image);
      const host = reach(guest, signal);
      await refuseMissingPrograms(host, guest);
      const { disks, kept, root } = await read(host, guest);
      await refuseBusyGuest(host, guest, disks);
      const old = await refuseUnfitDisks(host, guest, { root, kept, images });
      await refuseFullFolder(host, guest, { folder, needMb: neededMb(old, config['free-mb']) });
      await refuseUnfitImage(host, guest, { state, golden });
    },
    async state(guest, signal) {
      const host = reach(guest, signal);
      if (await isListed(host, guest)) return 'running';
      return (await isListed(host, guest, '--all')) ? 'off' : 'absent';
    },
    async definition(guest, signal) {
      const { xml, kept } = await read(reach(guest, signal), guest);
      return { xml, persistentDisks: kept.map(({ target }) => target) };
    },
    async builtFor(guest, signal) {
      const host = reach(guest, signal);
      if (!(await isListed(host, guest, '--all'))) return undefined;
      return markOf(parseDomain(guest, await readDomainXml(host, guest, 'defined')));
    },
    async undefine(guest, fence, signal) {
      const input = await undefineInput(reach(guest, signal), guest, config);
      await actOnGuest(placeOf(guest), { act: 'undefine', fence, ...input }, signal);
    },
    async freshDisks(guest, definition, installation, signal) {
      const { root } = savedDefinition(guest, definition, folder);
      const golden = goldenOf(guest, installation.image);
      const host = reach(guest, signal);
      const server = config['install-server'];
      const input = await freshDisksInput(host, guest, { root, golden, installation, server });
      const act = { act: 'fresh-disks', fence: installation, ...input } as const;
      await actOnGuest(placeOf(guest), act, signal);
    },
    async define(guest, definition, installation, signal) {
      const saved = savedDefinition(guest, definition, folder);
      const host = reach(guest, signal);
      const input = await defineInput(host, guest, { ...saved, installation, config });
      const act = { act: 'define', fence: installation, ...input } as const;
      await actOnGuest(placeOf(guest), act, signal);
    },
    start: (guest, fence, signal) => actOnGuest(placeOf(guest), { act: 'start', fence }, signal),
    shutDown: (guest, fence, signal) =>
      actOnGuest(placeOf(guest), { act: 'shut-down', fence }, signal),
    discardOld: (guest, fence, signal) =>
      actOnGuest(placeOf(guest), { act: 'discard-old', fence }, signal),
  };
}
