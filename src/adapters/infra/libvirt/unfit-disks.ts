import type { HostName } from '../../../domain/ids.ts';
import { type DiskImage, refuseStrangeChain } from './disk-chain.ts';
import type { DomainDisk } from './domain-disks.ts';
import { readChain } from './guest-reads.ts';
import { guestRefused } from './libvirt-failure.ts';
import type { RootDisk } from './root-disk.ts';
import type { VirtHost } from './virt-host.ts';

/** The files are there, and none of those that are kept is the root disk or over it. */
export async function refuseUnfitDisks(
  host: VirtHost,
  guest: HostName,
  { root, kept, images }: { root: RootDisk; kept: readonly DomainDisk[]; images: string },
): Promise<DiskImage> {
  const isPlain = await host.run(['sh', '-c', '[ -f "$1" ] && ! [ -L "$1" ]', 'sh', root.file]);
  if (isPlain.code !== 0) throw missing(guest, `its root disk ${root.file} is not there as a file`);
  const chain = await readChain(host, guest, root.file);
  refuseStrangeChain(guest, chain, images);
  for (const disk of kept) await refuseEntangled(host, guest, { root, disk });
  return chain[0];
}

async function refuseEntangled(
  host: VirtHost,
  guest: HostName,
  { root, disk }: { root: RootDisk; disk: DomainDisk },
): Promise<void> {
  const { target, source, file } = disk;
  // What is on another machine is that machine's to look after.
  if (!source.startsWith('/')) return;
  if ((await host.run(['test', '-e', source])).code !== 0) {
    throw missing(guest, `its persistent disk ${target}, ${source}, is not there`);
  }
  const files =
    file === undefined
      ? [source]
      : (await readChain(host, guest, file)).map(({ filename }) => filename);
  for (const each of files) {
    if ((await host.run(['test', each, '-ef', root.file])).code === 0) {
      throw guestRefused(guest, {
        code: 'hypervisor.root-unclear',
        because: `its persistent disk ${target} is on ${root.file}, its root disk`,
        next: 'Nothing was changed. Give it a file of its own with qemu-img convert.',
      });
    }
  }
}

function missing(guest: HostName, because: string) {
  const next = 'Nothing was changed. Look at its definition and its disks on the hypervisor.';
  return guestRefused(guest, { code: 'hypervisor.disk-missing', because, next });
}
