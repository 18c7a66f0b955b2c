import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUSYBOX } from './busybox.ts';
import { makeInitramfs } from './initramfs.ts';
import { cloudKernel, type Kernel } from './kernel.ts';
import { makeRootTree } from './root-tree.ts';
import { runProgram } from './run-program.ts';

const OURS = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(tmpdir(), `signalbox-golden-${process.getuid?.()}`);

const ROOT_SIZE = '64m';

/** Nothing may write to these: disks of guests lie over the first. */
export interface GoldenImage {
  /** A qcow2: one ext4 file system with the label `golden-root`. */
  readonly disk: string;
  /** What its guests are started with (`<kernel>` and `<initrd>` of a domain): emulated BIOSes load slowly. */
  readonly kernel: string;
  readonly initramfs: string;
}

/**
 * A small system that boots: Debian's kernel and sshd, and a reader of NoCloud seeds. Made in a few seconds when its
 * inputs have changed; several processes may ask at once.
 */
export async function goldenImage(): Promise<GoldenImage> {
  const kernel = await cloudKernel();
  const folder = join(CACHE, await digestOfInputs(kernel));
  if (!existsSync(folder)) await make(folder, kernel);
  return {
    disk: join(folder, 'golden.qcow2'),
    kernel: join(folder, 'vmlinuz'),
    initramfs: join(folder, 'initrd.img'),
  };
}

/** A half-made image never has the name of a whole one. */
async function make(folder: string, kernel: Kernel): Promise<void> {
  await mkdir(CACHE, { recursive: true, mode: 0o755 });
  const scratch = await mkdtemp(join(CACHE, 'new-'));
  try {
    const ready = join(scratch, 'ready');
    await mkdir(ready);
    await makeInitramfs(join(scratch, 'initramfs'), kernel, join(ready, 'initrd.img'));
    await makeRootDisk(scratch, join(ready, 'golden.qcow2'));
    await copyFile(kernel.image, join(ready, 'vmlinuz'));
    for (const name of await readdir(ready)) await chmod(join(ready, name), 0o444);
    await rename(ready, folder).catch((error: unknown) => {
      // Somebody else was faster.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function makeRootDisk(scratch: string, path: string): Promise<void> {
  const [tree, raw] = [join(scratch, 'root'), join(scratch, 'root.ext4')];
  await makeRootTree(tree);
  const format = ['-q', '-F', '-t', 'ext4', '-L', 'golden-root', '-E', 'root_owner=0:0'];
  await runProgram('mke2fs', [...format, '-d', tree, raw, ROOT_SIZE]);
  await runProgram('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, path]);
}

/** Of everything here, and of size and age of the programs that are copied in. */
async function digestOfInputs({ image, modules }: Kernel): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of await readdir(OURS, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.test.ts')) continue;
    const path = join(entry.parentPath, entry.name);
    hash.update(path.slice(OURS.length)).update(await readFile(path));
  }
  for (const path of [image, ...modules, BUSYBOX, '/usr/sbin/sshd']) {
    const { size, mtimeMs } = await stat(path);
    hash.update(`${path} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
