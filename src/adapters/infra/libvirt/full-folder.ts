import type { HostName } from '../../../domain/ids.ts';
import type { DiskImage } from './disk-chain.ts';
import { guestRefused } from './libvirt-failure.ts';
import type { VirtHost } from './virt-host.ts';

const MB = 1024 * 1024;

/** What the old root disk has taken, the new one may take as well. */
export async function refuseFullFolder(
  host: VirtHost,
  guest: HostName,
  { folder, needMb }: { folder: string; needMb: number },
): Promise<void> {
  // -P and -k are POSIX: one line for each filesystem, blocks of 1024 bytes, the fourth word is what is free.
  const listed = await host.output(['df', '-P', '-k', '--', folder]);
  const freeKb = Number(listed.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]);
  const freeMb = Math.floor((freeKb * 1024) / MB);
  if (freeMb >= needMb) return;
  throw guestRefused(guest, {
    code: 'hypervisor.no-space',
    because: `${folder} on ${host.name} has ${Number.isNaN(freeMb) ? 'an unknown number of' : freeMb} MB free and a new root disk may need ${needMb} MB`,
    next: `Nothing was changed. Make room in ${folder}, where old root disks end in the name of their operation.`,
  });
}

export function neededMb(old: DiskImage, leastMb: number): number {
  return Math.max(leastMb, Math.ceil(old['actual-size'] / MB));
}
