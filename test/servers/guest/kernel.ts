import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Kernel {
  readonly image: string;
  /** Paths of the files, each after those that it needs. */
  readonly modules: readonly string[];
}

const WANTED = [
  ...['virtio_pci', 'virtio_blk', 'virtio_scsi', 'sd_mod', 'ata_piix', 'sr_mod'],
  ...['ext4', 'isofs', 'vfat', 'nls_cp437', 'nls_ascii'],
  ...['virtio_net', 'virtio-rng', 'button', 'evdev'],
];

/** Debian's kernel for virtual machines, with the drivers that a guest needs. */
export async function cloudKernel(): Promise<Kernel> {
  const installed = await readdir('/boot');
  const image = installed
    .filter((name) => /^vmlinuz-.*-cloud-amd64$/.test(name))
    .toSorted()
    .at(-1);
  if (image === undefined) throw new Error('install the package linux-image-cloud-amd64');
  const folder = join('/lib/modules', image.replace('vmlinuz-', ''));
  const needs = new Map(await dependencies(folder));
  const modules = new Set<string>();
  for (const name of WANTED) {
    const path = [...needs.keys()].find((key) => key.endsWith(`/${name}.ko`));
    // What is built into the kernel is no file.
    if (path === undefined) continue;
    for (const needed of needs.get(path)?.toReversed() ?? []) modules.add(join(folder, needed));
    modules.add(join(folder, path));
  }
  return { image: join('/boot', image), modules: [...modules] };
}

async function dependencies(folder: string): Promise<(readonly [string, readonly string[]])[]> {
  const lines = (await readFile(join(folder, 'modules.dep'), 'utf8')).trim().split('\n');
  return lines.map((line) => {
    const [path = '', needed = ''] = line.split(':');
    return [path, needed.split(' ').filter((word) => word !== '')];
  });
}
