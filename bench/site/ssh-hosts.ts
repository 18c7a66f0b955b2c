import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestHost } from '../../test/adapters/infra/ssh/shell-fixture.ts';
import {
  makeKey,
  type OpenSshServer,
  openSshServer,
} from '../../test/servers/ssh/open-ssh-server.ts';
import { until } from './until.ts';

export interface SshHosts {
  readonly folder: string;
  readonly keyFile: string;
  readonly hosts: readonly TestHost[];
  /** The same hosts with the same keys for OpenSSH's client; `lines` come first. */
  clientConfig(name: string, lines: readonly string[]): Promise<string>;
  /** Ends when the server has no more than so many connections, so that nobody pays for what went before. */
  settled(connections: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Up to a hundred hosts with one OpenSSH server on loopback behind them. It takes as many logins at once (MaxStartups
 * 100), as so many machines would.
 */
export async function sshHosts(count: number): Promise<SshHosts> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-bench-'));
  const keyFile = join(folder, 'id');
  const authorized = makeKey(keyFile);
  // The start-up files of whoever runs this are no part of what is measured.
  const config = [`SetEnv HOME=${folder}`];
  const server = await openSshServer({ folder: join(folder, 'sshd'), authorized, config });
  const hosts = hostsOf(server, count);
  const { port, hostKeys } = server;
  await writeFile(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${hostKeys[0]}\n`);
  return {
    folder,
    keyFile,
    hosts,
    async clientConfig(name, lines) {
      const path = join(folder, name);
      await writeFile(path, [...lines, ...common(folder, server), ''].join('\n'));
      return path;
    },
    settled: (connections) => until(() => server.sessions() <= connections),
    async close() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function hostsOf({ port, user, hostKeys }: OpenSshServer, count: number): readonly TestHost[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `builder-${String(at + 1).padStart(2, '0')}`,
    ssh: { port, user },
    key: hostKeys[0],
  }));
}

function common(folder: string, { port, user }: OpenSshServer): readonly string[] {
  return [
    'HostName 127.0.0.1',
    `Port ${port}`,
    `User ${user}`,
    `IdentityFile ${join(folder, 'id')}`,
    'IdentitiesOnly yes',
    'BatchMode yes',
    'StrictHostKeyChecking yes',
    `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
    'GlobalKnownHostsFile /dev/null',
  ];
}
