import { bootRefused } from './boot-failure.ts';
import type { BootHost } from './boot-host.ts';

const MB = 1024 * 1024;

/** A Failure when a folder has less room than a kernel and an initrd need. */
export async function refuseFullDisk(
  host: BootHost,
  folder: string,
  needMb: number,
): Promise<void> {
  // -P and -k are POSIX: one line for each filesystem, blocks of 1024 bytes, the fourth word is what is free.
  const listed = await host.output(['df', '-P', '-k', '--', folder]);
  const freeKb = Number(listed.trim().split('\n').at(-1)?.trim().split(/\s+/)[3]);
  const freeMb = Math.floor((freeKb * 1024) / MB);
  if (freeMb >= needMb) return;
  throw bootRefused(host.name, {
    code: 'installer.no-space',
    because: `${folder} has ${Number.isNaN(freeMb) ? 'an unknown number of' : freeMb} MB free and an installer needs ${needMb} MB`,
    next: `Nothing was changed. Remove old kernels from ${folder} on ${host.name}, or install it by kexec or PXE.`,
  });
}
