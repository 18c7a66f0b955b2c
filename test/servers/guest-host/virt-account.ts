import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { until } from '../../until.ts';

export interface VirtAccount {
  readonly user: string;
  readonly uid: number;
  readonly gid: number;
  /** A folder of its own, empty, that is not the user's real home where the user is a real one. */
  readonly home: string;
  /** Where libvirt keeps the session's things: all of them in `home`. */
  readonly env: Readonly<Record<string, string>>;
  /** Once the last of its processes is gone. */
  remove(): Promise<void>;
}

/**
 * Whose `qemu:///session` is used. To root, libvirt gives the system's daemon for a session's too, so root makes a system
 * user and removes it afterwards; everybody else is used as they are, and so is `existing`, with one more session.
 */
export function virtAccount(existing?: string): VirtAccount {
  // Sockets are made below it, and their paths may have no more than 107 bytes (unix(7)).
  const home = mkdtempSync('/tmp/sbv-');
  const isMade = existing === undefined && userInfo().uid === 0;
  const user = existing ?? (isMade ? `sbv-${home.slice(-6).toLowerCase()}` : userInfo().username);
  // Without a password, rather than locked: sshd lets nobody in to a locked account.
  if (isMade) {
    const account = ['--system', '--shell', '/bin/sh', '--home-dir', home, '--password', '*'];
    execFileSync('useradd', [...account, user]);
  }
  const idOf = (kind: '-u' | '-g') =>
    Number(execFileSync('id', [kind, user], { encoding: 'utf8' }));
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  const runtime = join(home, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  chownSync(runtime, uid, gid);
  chownSync(home, uid, gid);
  chmodSync(home, 0o755);
  const env = {
    HOME: home,
    XDG_RUNTIME_DIR: runtime,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_CACHE_HOME: join(home, '.cache'),
    XDG_DATA_HOME: join(home, '.local'),
  };
  return {
    user,
    uid,
    gid,
    home,
    env,
    async remove() {
      if (isMade) await until(() => spawnSync('userdel', [user]).status === 0);
    },
  };
}
