import { HostName, ImageId, ImageName, OpId } from '../../../../src/domain/ids.ts';
import type { BootFile, Host, Image, Inventory } from '../../../../src/domain/inventory.ts';
import type { Installation } from '../../../../src/jobs/ports/installer.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';

export const HYPERVISOR = HostName.parse('vhost-01');
export const GUEST = HostName.parse('builder-09');
export const IMAGE = ImageId.parse('f43-builder@2026.11.18');
export const OP = OpId.parse('op-7k2m');
export const NONCE = '0123456789abcdef0123456789abcdef';
export const USER_DATA = `#cloud-config
hostname: {host}
write_files:
  - path: /etc/signalbox/installed.json
    content: '{"image": "{image}", "nonce": "{nonce}"}'
runcmd:
  - [curl, --data-urlencode, nonce={nonce}, {report-url}]
`;

export function installation(change: Partial<Installation> = {}): Installation {
  return { op: OP, image: IMAGE, nonce: NONCE, epoch: 1, ...change };
}

/** A hypervisor, and a guest whose second disk is kept. */
export function guestInventory(disk: BootFile, guest: Partial<Host> = {}): Inventory {
  const hosts = [plainHost(HYPERVISOR), plainHost(GUEST, { ...virtual, ...guest })];
  const image: Image = {
    id: IMAGE,
    name: ImageName.parse('f43-builder'),
    version: '2026.11.18',
    architectures: ['x86_64'],
    kinds: ['virtual'],
    postInstall: { files: [], commands: [] },
    guest: { disk, userData: USER_DATA },
  };
  return plainInventory(hosts, { images: new Map([[IMAGE, image]]) });
}

const virtual: Partial<Host> = {
  kind: 'virtual',
  hypervisor: HYPERVISOR,
  disks: [
    { name: 'vda', persistent: false },
    { name: 'vdb', persistent: true },
  ],
};
