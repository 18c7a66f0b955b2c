import { createHash } from 'node:crypto';
import { HostName, ImageId, ImageName, OpId } from '../../../../src/domain/ids.ts';
import type { Image, ImageInstaller, Inventory } from '../../../../src/domain/inventory.ts';
import type { Installation } from '../../../../src/jobs/ports/installer.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';

export const HOST = HostName.parse('builder-08.example.org');
export const GUEST = HostName.parse('builder-09.example.org');
export const IMAGE = ImageId.parse('f43-builder@2026.11.18');
export const OP = OpId.parse('op-7k2m');
export const NONCE = '0123456789abcdef0123456789abcdef';
export const KERNEL = 'the kernel of an installer\n';
export const INITRD = 'the initrd of an installer\n';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const INSTALLER: ImageInstaller = {
  kind: 'kickstart',
  kernel: { path: 'f43/vmlinuz', sha256: sha256(KERNEL) },
  initrd: { path: 'f43/initrd.img', sha256: sha256(INITRD) },
  template: 'f43.ks',
  repository: 'http://mirror.example.org/f43/os/',
  arguments: ['console=ttyS0,115200'],
  restoresBootEntry: false,
};

export function installation(change: Partial<Installation> = {}): Installation {
  return { op: OP, image: IMAGE, nonce: NONCE, epoch: 1, ...change };
}

/** One metal host, one guest and one image, whose installer may be another or missing. */
export function inventoryWith(
  change: Partial<ImageInstaller> | 'no installer' = {},
  address = '127.0.0.1',
): Inventory {
  const hosts = [
    plainHost(HOST, { address }),
    plainHost(GUEST, { kind: 'virtual', address: '192.0.2.9' }),
  ];
  const image: Image = {
    id: IMAGE,
    name: ImageName.parse('f43-builder'),
    version: '2026.11.18',
    architectures: ['x86_64'],
    kinds: ['metal', 'virtual'],
    postInstall: { files: [], commands: [] },
    ...(change !== 'no installer' && { installer: { ...INSTALLER, ...change } }),
  };
  return plainInventory(hosts, { images: new Map([[IMAGE, image]]) });
}
