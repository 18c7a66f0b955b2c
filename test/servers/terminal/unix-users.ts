import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('run-as.ts', import.meta.url));

export interface UnixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Every Debian has these two, and neither has anything. */
export const DAEMON: UnixUser = { name: 'daemon', uid: 1, gid: 1 };
export const NOBODY: UnixUser = { name: 'nobody', uid: 65_534, gid: 65_534 };

/** Only root may be other users. */
export const isRoot = userInfo().uid === 0;

/** A process of that user types a command at its terminal. */
export function runAs(
  { uid, gid }: UnixUser,
  socket: string,
  command: string,
  ...flags: readonly string[]
): Promise<Ran> {
  const args = [SCRIPT, String(uid), String(gid), socket, command, ...flags];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}
