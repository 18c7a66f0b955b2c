import { fileURLToPath } from 'node:url';
import type { DriverDefinition } from '../adapters/driver.ts';
import type { NetworkDefinition } from '../adapters/network.ts';
import type { Command } from '../bot/command.ts';
import { runbookCommand } from '../bot/runbook-command.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import { loadFolder } from './load-folder.ts';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What this installation can do: found in folders, one file each. */
export interface Definitions {
  readonly runbooks: ReadonlyMap<string, Runbook>;
  readonly commands: ReadonlyMap<string, Command>;
  readonly drivers: readonly DriverDefinition[];
  readonly networks: readonly NetworkDefinition[];
}

export async function loadDefinitions(): Promise<Definitions> {
  const runbooks = await loadFolder<Runbook>(folder('../jobs/runbooks'));
  const commands = await loadFolder<Command>(folder('../bot/commands'));
  const all = [...commands, ...runbooks.map(runbookCommand)];
  return {
    runbooks: new Map(runbooks.map((runbook) => [runbook.name, runbook])),
    commands: new Map(all.map((command) => [command.spec.name, command])),
    drivers: await loadFolder<DriverDefinition>(folder('../adapters/infra')),
    networks: await loadFolder<NetworkDefinition>(folder('../adapters/chat')),
  };
}
