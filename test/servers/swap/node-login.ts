import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { VirtHost } from '../guest-host/start-virt-host.ts';
import { openSshServer } from '../ssh/open-ssh-server.ts';

/** Where the shell logs in on a node. */
export interface NodeLogin {
  readonly ssh: { readonly port: number; readonly user: string; readonly hostKey: string };
  /** Comes first on the PATH of whoever logs in. */
  readonly programs: string;
  /** Whoever logs in may write there. */
  readonly units: string;
  close(): Promise<void>;
}

/** With an SSH server of its own. */
export async function plainLogin(folder: string, authorized: string): Promise<NodeLogin> {
  const [programs, units] = [join(folder, 'bin'), join(folder, 'units')];
  for (const path of [programs, units]) mkdirSync(path, { recursive: true });
  const config = [`SetEnv PATH=${programs}:/usr/local/bin:/usr/bin:/bin`];
  const ssh = await openSshServer({ folder: join(folder, 'ssh'), authorized, config });
  const { port, user, hostKeys } = ssh;
  const hostKey = hostKeys[0] ?? '';
  return { ssh: { port, user, hostKey }, programs, units, close: () => ssh.stop() };
}

/** On a hypervisor, which goes on when the node is closed. */
export function hypervisorLogin({ ssh, home, programs, run }: VirtHost): NodeLogin {
  const units = join(home, 'units');
  run('mkdir', units);
  return { ssh, programs, units, close: async () => {} };
}
