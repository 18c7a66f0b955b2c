import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import openSsh from '../../../src/adapters/infra/openssh-shell.ts';
import { HostName } from '../../../src/domain/ids.ts';
import type { RemoteShell } from '../../../src/jobs/ports/remote-shell.ts';
import { shellOver, type TestHost } from '../../adapters/infra/ssh/shell-fixture.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { makeKey, type OpenSshServer, openSshServer } from '../ssh/open-ssh-server.ts';

export const HOST = HostName.parse('builder-07');

export interface Signing {
  /** The principals it is for. */
  readonly names: string;
  /** As `ssh-keygen -V` has it; for ever without. */
  readonly validity?: string;
  readonly kind: 'host' | 'user';
}

/** Servers, keys and shells of one test file; each test leaves none of them running. */
export function sshSite() {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-site-'));
  const path = (name: string) => join(root, name);
  const authorized = makeKey(path('id'));
  let closing: (() => Promise<void>)[] = [];

  async function server(config: readonly string[] = [], keyTypes?: readonly string[]) {
    const folder = mkdtempSync(path('sshd'));
    const more = keyTypes === undefined ? {} : { keyTypes };
    const started = await openSshServer({ folder, authorized, config, ...more });
    closing.push(() => started.stop());
    return { ...started, folder };
  }

  function open(hosts: readonly TestHost[], config: Record<string, unknown> = {}) {
    const own = { 'key-file': path('id'), 'state-dir': path('claims'), 'control-dir': root };
    const opened = shellOver(hosts, { ...own, 'connect-timeout-s': 30, ...config }, openSsh);
    closing.push(() => opened.close());
    return opened;
  }

  return {
    path,
    server,
    open,
    shell: (hosts: readonly TestHost[], config?: Record<string, unknown>): RemoteShell =>
      open(hosts, config).shell,
    /** Signs PATH.pub with the authority at `ca`; the certificate is PATH-cert.pub. */
    sign(ca: string, key: string, { names, validity, kind }: Signing): void {
      const host = kind === 'host' ? ['-h'] : [];
      const valid = validity === undefined ? [] : ['-V', validity];
      execFileSync('ssh-keygen', [
        ...['-q', '-s', ca, '-I', 'test', '-n', names],
        ...host,
        ...valid,
        `${key}.pub`,
      ]);
    },
    /** Which connections there are, by the folders that belong to them. */
    masters: () => readdirSync(root).filter((name) => name.startsWith('signalbox-ssh-')),
    /** Ends the background process of each connection, as the out-of-memory killer would. */
    killMasters(): void {
      for (const pid of mastersOf(root)) process.kill(pid, 'SIGKILL');
    },
    onClose: (close: () => Promise<void>) => void closing.push(close),
    async closeAll(): Promise<void> {
      for (const close of closing.reverse()) await close();
      closing = [];
    },
    // Not rmSync: it left folders behind, it seems where an entry went away under it.
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

function mastersOf(root: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const words = commandOf(pid);
    return (
      words[0] === 'ssh' && words.includes('-M') && words.some((word) => word.startsWith(root))
    );
  });
}

function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

export function builder(
  { port, user, hostKeys }: OpenSshServer,
  more: Partial<TestHost> = {},
): TestHost {
  return { name: HOST, ssh: { port, user }, key: hostKeys[0], ...more };
}

export const forTheTest = () => AbortSignal.timeout(PATIENCE_MS);

export const hello = (over: RemoteShell) =>
  over.run(HOST, { argv: ['echo', 'hello'] }, forTheTest());

/** Which connection a command came through, in the words of its server. */
export async function connectionOf(over: RemoteShell): Promise<string> {
  const argv = ['sh', '-c', 'echo $SSH_CONNECTION'];
  return (await over.run(HOST, { argv }, forTheTest())).stdout;
}

export function fingerprintOf(key: string): string {
  const listed = execFileSync('ssh-keygen', ['-l', '-f', '-'], { input: key, encoding: 'utf8' });
  return listed.split(' ')[1] ?? '';
}
