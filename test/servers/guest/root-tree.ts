import { chmod, copyFile, cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUSYBOX } from './busybox.ts';
import { copyPrograms } from './copy-program.ts';
import { runProgram } from './run-program.ts';

const FILES = fileURLToPath(new URL('root', import.meta.url));
const FOLDERS = ['bin', 'sbin', 'usr/bin', 'dev', 'proc', 'sys', 'run', 'tmp', 'srv', 'root'];
const MORE_FOLDERS = ['var/lib', 'var/empty', 'etc/rc.d', 'usr/local/stand-ins'];
/** Debian's own where busybox would do too: what claims and files are made with is what hosts have. */
const PROGRAMS = ['/bin/dash', '/usr/bin/setsid', '/usr/bin/find', '/usr/bin/ssh-keygen'];
const COREUTILS = [
  ...['cat', 'chmod', 'chown', 'cp', 'date', 'ln', 'ls', 'mkdir', 'mktemp', 'mv', 'rm', 'sync'],
  ...['cut', 'head', 'id', 'sha256sum', 'stat', 'tail', 'test', 'timeout', 'touch', 'tr', 'wc'],
];

/** A root file system: an init, Debian's sshd and coreutils, and busybox for the rest. */
export async function makeRootTree(root: string): Promise<void> {
  await cp(FILES, root, { recursive: true });
  for (const name of [...FOLDERS, ...MORE_FOLDERS]) {
    await mkdir(join(root, name), { recursive: true });
  }
  await copyPrograms([...PROGRAMS, ...(await coreutils()), ...(await sshServer())], root);
  await linkBusybox(root);
  await symlink('dash', join(root, 'bin/sh'));
  await writeFile(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nsshd:x:100:65534::/run/sshd:/bin/false\n');
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n');
  await chmod(join(root, 'root'), 0o700);
}

async function coreutils(): Promise<readonly string[]> {
  const found = await Promise.all(
    COREUTILS.map((name) => runProgram('sh', ['-c', `PATH=/bin:/usr/bin; which ${name}`])),
  );
  return found.map((path) => path.trim());
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
  there.add('sh');
  for (const name of names.filter((each) => !there.has(each))) {
    await symlink('/bin/busybox', join(root, 'sbin', name));
  }
}
