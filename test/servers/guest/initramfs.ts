import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUSYBOX } from './busybox.ts';
import type { Kernel } from './kernel.ts';
import { runProgram } from './run-program.ts';

const FILES = fileURLToPath(new URL('initramfs', import.meta.url));

/** Makes the archive that the kernel starts from: busybox, drivers, and the way to the root disk. */
export async function makeInitramfs(
  folder: string,
  { modules }: Kernel,
  archive: string,
): Promise<void> {
  await cp(FILES, folder, { recursive: true });
  for (const name of ['bin', 'dev', 'proc', 'root', 'modules']) await mkdir(join(folder, name));
  await copyFile(BUSYBOX, join(folder, 'bin/busybox'));
  for (const module of modules) await copyFile(module, join(folder, 'modules', basename(module)));
  const order = modules.map((module) => `${basename(module)}\n`).join('');
  await writeFile(join(folder, 'modules/order'), order);
  const pack = `${BUSYBOX} find . | ${BUSYBOX} cpio -o -H newc | gzip -1 >"$1"`;
  await runProgram('sh', ['-ec', pack, 'sh', archive], { cwd: folder });
}
