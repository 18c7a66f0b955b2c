import { chmod, copyFile, cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUSYBOX } from './busybox.ts';
import { copyPrograms } from './copy-program.ts';
import { runProgram } from './run-program.ts';

const FILES = fileURLToPath(new URL('root', import.meta.url));
const FOLDERS = ['bin', 'sbin', 'usr/bin', 'dev', 'proc', 'sys', 'run', 'tmp', 'srv', 'root'];
const MORE_FOLDERS = ['var/lib', 'var/empty', 'etc/rc.d', 'usr/local/stand-ins'];
/**
 * A root file system: Debian's sshd, and busybox for the rest. Under emulation, a program that is linked statically starts
 * five times as fast, and the shell's claims are made of small programs.
 */
export async function makeRootTree(root: string): Promise<void> {
  await cp(FILES, root, { recursive: true });
  for (const name of [...FOLDERS, ...MORE_FOLDERS]) {
    await mkdir(join(root, name), { recursive: true });
  }
  await copyPrograms(['/usr/bin/ssh-keygen', ...(await sshServer())], root);
  await linkBusybox(root);
  await writeFile(
    join(root, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/bin/false\n',
  );
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  await chmod(join(root, 'root'), 0o700);
}

/** From OpenSSH 9.8 on the server is several programs. */
async function sshServer(): Promise<readonly string[]> {
  const folder = '/usr/lib/openssh';
  const parts = (await readdir(folder)).filter((name) => name.startsWith('sshd-'));
  return ['/usr/sbin/sshd', ...parts.map((name) => join(folder, name))];
}

async function linkBusybox(root: string): Promise<void> {
  await copyFile(BUSYBOX, join(root, 'bin/busybox'));
  const names = (await runProgram(BUSYBOX, ['--list'])).trim().split('\n');
  const there = new Set<string>();
  for (const folder of ['bin', 'sbin', 'usr/bin', 'usr/sbin']) {
    for (const name of await readdir(join(root, folder))) there.add(name);
  }
  for (const name of names.filter((each) => !there.has(each))) {
    await symlink('/bin/busybox', join(root, name === 'sh' ? 'bin' : 'sbin', name));
  }
}
