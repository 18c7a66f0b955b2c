import { runbookCommand } from '../../../src/bot/runbook-command.ts';
import { type Definitions, loadDefinitions } from '../../../src/program/definitions.ts';
import { quietFarm } from './quiet-farm.ts';
import { toyRunbook } from './toy-runbook.ts';

/** What the program can do at such a site: the toy runbook of this version, and no other. */
export async function faultDefinitions(folder: string, version = 1): Promise<Definitions> {
  const { drivers, commands, ...found } = await loadDefinitions();
  const toy = toyRunbook(version, folder);
  return {
    ...found,
    runbooks: new Map([[toy.name, toy]]),
    commands: new Map([...commands, [toy.name, runbookCommand(toy)]]),
    drivers: [...drivers, quietFarm as unknown as Definitions['drivers'][number]],
  };
}
