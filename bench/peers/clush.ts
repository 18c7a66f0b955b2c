import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SshHosts } from '../site/ssh-hosts.ts';

const run = promisify(execFile);

export interface Clush {
  /** Seconds that it takes to run a command on every host, from its start to its end. */
  seconds(): Promise<number>;
  close(): Promise<void>;
}

/** A connection for each command, as clush does without further words. */
export async function clushAfresh(hosts: SshHosts): Promise<Clush> {
  const config = await hosts.clientConfig('afresh', ['ControlMaster no']);
  return { seconds: () => secondsOf(hosts, config), close: async () => {} };
}

/** Over connections that stay open; they are, when this ends. */
export async function clushWarm(hosts: SshHosts): Promise<Clush> {
  const config = await hosts.clientConfig('warm', [
    'ControlMaster auto',
    `ControlPath ${join(hosts.folder, 'cm-%n')}`,
    'ControlPersist 600',
  ]);
  await secondsOf(hosts, config);
  return {
    seconds: () => secondsOf(hosts, config),
    async close() {
      const leave = hosts.hosts.map(({ name }) => run('ssh', ['-F', config, '-O', 'exit', name]));
      await Promise.all(leave);
    },
  };
}

async function secondsOf({ hosts }: SshHosts, config: string): Promise<number> {
  const nodes = hosts.map(({ name }) => name).join(',');
  const words = ['-o', `-F ${config}`, '-f', String(hosts.length), '-w', nodes, 'echo', 'hello'];
  const began = performance.now();
  const { stdout } = await run('clush', words);
  const seconds = (performance.now() - began) / 1_000;
  const answers = stdout
    .trim()
    .split('\n')
    .filter((line) => line.endsWith(': hello'));
  if (answers.length !== hosts.length) throw new Error(`clush: ${answers.length} hosts answered`);
  return seconds;
}
