import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeKey, openSshServer } from '../ssh/open-ssh-server.ts';
import { endProcesses } from './end-processes.ts';
import { kvmAccess } from './kvm-access.ts';
import { virtAccount } from './virt-account.ts';

export interface VirtHost {
  readonly ssh: {
    readonly address: string;
    readonly port: number;
    readonly user: string;
    /** The private key's file. */
    readonly key: string;
    /** In OpenSSH's form. */
    readonly hostKey: string;
  };
  /** Of the account, for disks, images and state; it is removed in the end. */
  readonly home: string;
  readonly uri: 'qemu:///session';
  /** For `<domain type='…'>`. */
  readonly virtType: 'kvm' | 'qemu';
  /** Comes first on the PATH of whoever logs in; empty, for stand-ins of programs. */
  readonly programs: string;
  /** What a program prints that runs in the account. */
  run(program: string, ...args: readonly string[]): string;
  /** Puts a file there that belongs to the account. */
  write(path: string, text: string): void;
  /** What libvirt has logged of a guest; nothing before its first start. */
  logOf(guest: string): string;
  /** Ends the connections that are open; the server goes on. */
  cutSessions(): void;
  /** Ends every guest, libvirt's daemon, the server and the account. */
  stop(): Promise<void>;
}

/**
 * A hypervisor: a real sshd, behind it an account with libvirt's session of its own. `beside` another one it is the same
 * account with one more session and the same key; stop this one first.
 */
export async function startVirtHost(beside?: VirtHost): Promise<VirtHost> {
  const account = virtAccount(beside?.ssh.user);
  const { user, uid, gid, home, env } = account;
  const kvm = kvmAccess(user);
  const keys = mkdtempSync(join(tmpdir(), 'signalbox-virt-'));
  const key = beside?.ssh.key ?? join(keys, 'id');
  const authorized = beside ? readFileSync(`${key}.pub`, 'utf8').trim() : makeKey(key);
  const folder = join(keys, 'sshd');
  const programs = join(home, 'programs');
  const path = `${programs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const set = Object.entries({ ...env, PATH: path }).map(([name, value]) => `${name}=${value}`);
  const sshd = await openSshServer({ folder, authorized, config: [`SetEnv ${set.join(' ')}`] });
  // sshd reads it as the user who logs in.
  for (const path of [keys, folder]) chmodSync(path, 0o755);
  chmodSync(join(folder, 'authorized_keys'), 0o644);
  const uri = 'qemu:///session';
  mkdirSync(programs);
  const options = {
    uid,
    gid,
    cwd: home,
    env: { ...process.env, ...env },
    encoding: 'utf8',
  } as const;
  const run = (program: string, ...args: readonly string[]) => execFileSync(program, args, options);
  return {
    ssh: {
      address: '127.0.0.1',
      port: sshd.port,
      user,
      key,
      hostKey: sshd.hostKeys[0] ?? '',
    },
    home,
    programs,
    uri,
    virtType: kvm.virtType,
    run,
    write: (path, text) => void run('sh', '-c', 'printf %s "$1" >"$2"', 'sh', text, path),
    logOf(guest) {
      const log = join(home, '.cache/libvirt/qemu/log', `${guest}.log`);
      return existsSync(log) ? readFileSync(log, 'utf8') : '';
    },
    cutSessions: () => sshd.cutSessions(),
    async stop() {
      await sshd.stop();
      await endProcesses(home, uid);
      kvm.giveBack();
      await account.remove();
      for (const path of [home, keys]) rmSync(path, { recursive: true, force: true });
    },
  };
}
