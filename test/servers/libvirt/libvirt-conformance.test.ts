import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { GUEST, HYPERVISOR, IMAGE, OP } from '../../adapters/infra/libvirt/example-guest.ts';
import { hypervisorConformance } from '../../hypervisor-conformance.ts';
import { startVirtHost, type VirtHost } from '../guest-host/start-virt-host.ts';
import { libvirtSite } from './libvirt-site.ts';

let host: VirtHost;
beforeAll(async () => {
  host = await startVirtHost();
});
afterAll(() => host.stop());

hypervisorConformance('libvirt with OpenSSH and real guests', async () => {
  const site = libvirtSite(host);
  site.defineGuest();
  site.virsh('start', GUEST);
  // A fresh disk is another file; the same file keeps its inode wherever it is moved.
  const identity = (path: string) => String(statSync(path).ino);
  const keptRoot = `${site.root}.${OP}`;
  return {
    hypervisor: site.hypervisor,
    guest: GUEST,
    image: IMAGE,
    metal: HYPERVISOR,
    persistentDisk: async () => identity(site.kept) + readFileSync(site.kept, 'base64'),
    rootDisk: async () => identity(site.root),
    keptRootDisk: async () => (existsSync(keptRoot) ? identity(keptRoot) : undefined),
    loseImage: async () => rmSync(site.golden),
    close: () => site.close(),
  };
});
