import type { HostName } from '../../../domain/ids.ts';
import type { Disk } from '../../../domain/inventory.ts';
import type { DomainDisk } from './domain-disks.ts';
import { guestRefused } from './libvirt-failure.ts';

/** A root disk is a file: only that can be put aside and made anew. */
export interface RootDisk extends DomainDisk {
  readonly file: string;
}

/** Those that the inventory says are kept, each found once in the definition. */
export function persistentTargets(
  guest: HostName,
  declared: readonly Disk[],
  disks: readonly DomainDisk[],
): readonly string[] {
  return declared
    .filter(({ persistent }) => persistent)
    .map(({ name }) => {
      if (disks.filter(({ target }) => target === name).length === 1) return name;
      throw guestRefused(guest, {
        code: 'hypervisor.disk-missing',
        because: `its persistent disk ${name} is not in its definition, which has ${targets(disks)}`,
        next: `Nothing was changed. Correct disks of ${guest} in the inventory, or its definition.`,
      });
    });
}

/** The one disk that is not kept. A Failure unless there is exactly one, and it is a file in the folder of disks. */
export function rootDisk(
  guest: HostName,
  disks: readonly DomainDisk[],
  { persistent, folder }: { readonly persistent: readonly string[]; readonly folder: string },
): RootDisk {
  const [root, ...others] = disks.filter(({ target }) => !persistent.includes(target));
  if (root === undefined || others.length > 0) throw unclear(guest, disks, persistent);
  const { file, source, target } = root;
  if (disks.some((disk) => disk !== root && disk.source === source)) throw shared(guest, source);
  if (file === undefined) throw notAFile(guest, root);
  if (!isIn(folder, file)) throw elsewhere(guest, { file, target, folder });
  return { ...root, file };
}

/** Directly in it: our files are put beside it. */
function isIn(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`) && !file.slice(folder.length + 1).includes('/');
}

function targets(disks: readonly DomainDisk[]): string {
  return disks.map(({ target }) => target).join(', ') || 'none';
}

function unclear(guest: HostName, disks: readonly DomainDisk[], persistent: readonly string[]) {
  const kept = persistent.length > 0 ? `${persistent.join(', ')} kept` : 'none of them kept';
  return guestRefused(guest, {
    code: 'hypervisor.root-unclear',
    because: `which of its disks is the root disk cannot be told: it has ${targets(disks)}, ${kept}`,
    next: `Nothing was changed. Name every disk of ${guest} but the root disk in the inventory, with persistent: true.`,
  });
}

function shared(guest: HostName, source: string) {
  return guestRefused(guest, {
    code: 'hypervisor.root-unclear',
    because: `two of its disks are ${source}`,
    next: `Nothing was changed. Look at the definition of ${guest}.`,
  });
}

function notAFile(guest: HostName, { target, source }: DomainDisk) {
  return guestRefused(guest, {
    code: 'hypervisor.root-unfit',
    because: `its root disk ${target} is not a file but ${source}`,
    next: `Nothing was changed. Convert it with qemu-img convert into a qcow2 file, or reinstall ${guest} by hand.`,
  });
}

function elsewhere(
  guest: HostName,
  { file, target, folder }: { file: string; target: string; folder: string },
) {
  return guestRefused(guest, {
    code: 'hypervisor.root-unfit',
    because: `its root disk ${target} is ${file}, which is not directly in ${folder}`,
    next: `Nothing was changed. Move it there and change its definition, or set disks of the hypervisor driver.`,
  });
}
