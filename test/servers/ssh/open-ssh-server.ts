import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { withUs } from '../program/with-us.ts';

export interface OpenSshServer {
  readonly port: number;
  readonly user: string;
  /** Public host keys in OpenSSH's form, in the order of `keyTypes`. */
  readonly hostKeys: readonly string[];
  /** How many connections it has. */
  sessions(): number;
  /** Ends the sessions that are open; the server goes on. */
  cutSessions(): void;
  /** Ends the server and its sessions. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

export interface OpenSshOptions {
  readonly folder: string;
  /** The public key that may log in. */
  readonly authorized: string;
  readonly keyTypes?: readonly string[];
  /** More lines for sshd_config(5). */
  readonly config?: readonly string[];
}

export function makeKey(path: string, type = 'ed25519'): string {
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-C', 'test', '-f', path]);
  return readFileSync(`${path}.pub`, 'utf8').trim().split(' ').slice(0, 2).join(' ');
}

/** A real OpenSSH server on loopback, with its own port, keys and configuration. */
export async function openSshServer(options: OpenSshOptions): Promise<OpenSshServer> {
  const { folder, authorized, keyTypes = ['ed25519'], config = [] } = options;
  mkdirSync(folder, { recursive: true });
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const hostKeys = keyTypes.map((type) => makeKey(join(folder, `host_${type}`), type));
  writeFileSync(join(folder, 'authorized_keys'), `${authorized}\n`, { mode: 0o600 });
  const port = await freePort();
  const file = join(folder, 'sshd_config');
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...keyTypes.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
    'PidFile none',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin prohibit-password',
    'MaxStartups 100',
    ...config,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  let server: ChildProcess | undefined;

  async function start() {
    server = spawn(...withUs('/usr/sbin/sshd', '-D', '-e', '-f', file), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let log = '';
    server.stderr?.on('data', (chunk) => {
      log += chunk;
    });
    const failed = once(server, 'exit').then(() => {
      throw new Error(`sshd did not start: ${log}`);
    });
    failed.catch(() => {});
    await Promise.race([answering(port), failed]);
  }

  const sessions = () => childrenOf(server?.pid).length;

  function cutSessions() {
    for (const session of childrenOf(server?.pid)) {
      // The privileged half of a session waits for the other one, so the whole family goes.
      for (const pid of [...childrenOf(session).filter(isSshd), session]) kill(pid);
    }
  }

  async function stop() {
    if (server === undefined || server.exitCode !== null) return;
    const exited = once(server, 'exit');
    cutSessions();
    server.kill('SIGKILL');
    await exited;
    server = undefined;
  }

  await start();
  return { port, user: userInfo().username, hostKeys, sessions, cutSessions, stop, start };
}

async function answering(port: number): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; ) {
    const banner = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', () => resolve(true)).once('error', () => resolve(false));
      socket.once('data', () => socket.destroy()).once('close', () => resolve(false));
    });
    if (banner) return;
  }
  throw new Error(`no SSH server answers on port ${port}`);
}

/** Of a process that may be gone, also while it is looked at. */
function childrenOf(pid: number | undefined): number[] {
  const listed = read(`/proc/${pid}/task/${pid}/children`).trim();
  return listed === '' ? [] : listed.split(' ').map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isSshd(pid: number): boolean {
  return read(`/proc/${pid}/comm`).startsWith('sshd');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}
