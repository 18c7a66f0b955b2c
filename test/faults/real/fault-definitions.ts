import { fileURLToPath } from 'node:url';
import consoleNetwork from '../../../src/adapters/chat/console.ts';
import nodeSshShell from '../../../src/adapters/infra/node-ssh-shell.ts';
import type { Command } from '../../../src/bot/command.ts';
import { runbookCommand } from '../../../src/bot/runbook-command.ts';
import type { Definitions } from '../../../src/program/definitions.ts';
import { loadFolder } from '../../../src/program/load-folder.ts';
import { quietFarm } from './quiet-farm.ts';
import { toyRunbook } from './toy-runbook.ts';

const COMMANDS = fileURLToPath(new URL('../../../src/bot/commands', import.meta.url));

/** What the program can do at such a site, and nothing that each of its many processes would load in vain. */
export async function faultDefinitions(folder: string, version = 1): Promise<Definitions> {
  const toy = toyRunbook(version, folder);
  const commands = [...(await loadFolder<Command>(COMMANDS)), runbookCommand(toy)];
  return {
    runbooks: new Map([[toy.name, toy]]),
    commands: new Map(commands.map((command) => [command.spec.name, command])),
    drivers: [nodeSshShell, quietFarm] as Definitions['drivers'],
    networks: [consoleNetwork] as Definitions['networks'],
  };
}
