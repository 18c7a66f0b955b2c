import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunPaths {
  readonly folder: string;
  /** The playbook's repository as it was at its commit. */
  readonly checkout: string;
  readonly temporary: string;
  /** For the sockets of SSH masters, whose paths may not be longer than about a hundred characters. */
  readonly control: string;
  readonly inventory: string;
  readonly variables: string;
  readonly vaultPassword: string;
  readonly knownHosts: string;
  readonly sshConfig: string;
}

/** Makes a folder for one run that nobody else can look into, and removes it whatever becomes of the run. */
export async function withRunFolder<T>(work: (paths: RunPaths) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-ansible-'));
  const paths: RunPaths = {
    folder,
    checkout: join(folder, 'playbooks'),
    temporary: join(folder, 'tmp'),
    control: join(folder, 'cp'),
    inventory: join(folder, 'hosts.json'),
    variables: join(folder, 'vars.json'),
    vaultPassword: join(folder, 'vault-password'),
    knownHosts: join(folder, 'known_hosts'),
    sshConfig: join(folder, 'ssh_config'),
  };
  try {
    await Promise.all([paths.temporary, paths.control].map((path) => mkdir(path, { mode: 0o700 })));
    return await work(paths);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

export async function writePrivate(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
}
