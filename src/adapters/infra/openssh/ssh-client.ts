import { type ChildProcess, spawn } from 'node:child_process';
import { quoteWords } from '../ssh/quote.ts';
import type { MasterFolder } from './master-folder.ts';

export type SshClient = ChildProcess;

/** What ssh gets of our environment: what it says is read, and what it runs is meant for a POSIX shell. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, SSH_AUTH_SOCK } = process.env;
  return { PATH, HOME, SSH_AUTH_SOCK, SHELL: '/bin/sh', LC_ALL: 'C' };
}

/** Starts ssh in a process group of its own, so that it can be ended with whatever it started. */
export function spawnSsh(
  args: readonly string[],
  stdio: readonly ('ignore' | 'pipe')[],
): SshClient {
  return spawn('ssh', args, { detached: true, stdio: [...stdio], env: environment() });
}

/** Of a process that may have ended. */
export function endGroup({ pid, exitCode, signalCode }: SshClient): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

/**
 * Words that make ssh use the connection that stands and no other: where there is none, it says `complaint` on stderr and
 * gives up, and has sent nothing. No file is read, as the folder goes away with its connection.
 */
export function throughMaster({ socket }: MasterFolder, complaint: string): readonly string[] {
  const words = [
    'ControlMaster=no',
    // With ControlPersist ssh would throw away what its ProxyCommand says.
    'ControlPersist=no',
    // In a shell of its own that keeps stdout open while it speaks: its end would make ssh hang up on it.
    `ProxyCommand=sh -c ${quoteWords([`echo ${quoteWords([complaint])} >&2; exit 1`])}`,
    'BatchMode=yes',
    'EscapeChar=none',
    'RequestTTY=no',
  ];
  return [
    '-F',
    'none',
    '-S',
    socket.replaceAll('%', '%%'),
    ...words.flatMap((word) => ['-o', word]),
  ];
}
