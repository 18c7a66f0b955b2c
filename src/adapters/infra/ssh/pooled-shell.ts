import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { claimedRuns } from './claimed-runs.ts';
import { connectionPool, type PoolOptions } from './connection-pool.ts';
import { putRemoteFile } from './put-remote-file.ts';
import { type RunOptions, runCommand } from './run-command.ts';
import type { Sharable } from './shared-connection.ts';
import type { ShellSettings } from './shell-settings.ts';

export interface Carrier<Connection> {
  readonly inventory: InventorySource;
  readonly open: PoolOptions<Connection>['open'];
  readonly exec: RunOptions<Connection>['exec'];
}

/** The shell over one kind of SSH connection, and what closes it. */
export function pooledShell<Connection extends Sharable>(
  { inventory, open, exec }: Carrier<Connection>,
  settings: ShellSettings,
): { readonly port: RemoteShell; close(): void } {
  const pool = connectionPool<Connection>({
    inventory,
    open,
    idleMs: settings['idle-close-s'] * 1000,
    maxChannels: settings['channels-per-connection'],
  });
  const run = runCommand({ pool, exec, inventory, limitMs: settings['command-timeout-s'] * 1000 });
  return {
    port: {
      run,
      putFile: putRemoteFile(run),
      ...claimedRuns(run, settings['state-dir']),
      async forget(host) {
        pool.forget(host);
      },
    },
    close: () => pool.close(),
  };
}
