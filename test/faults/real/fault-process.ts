import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { runbookCommand } from '../../../src/bot/runbook-command.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { type Definitions, loadDefinitions } from '../../../src/program/definitions.ts';
import { openProgram } from '../../../src/program/program.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';
import { pipedNetwork } from '../../servers/program/piped-network.ts';
import { TIMING } from './limits.ts';
import { quietFarm } from './quiet-farm.ts';
import { toyRunbook } from './toy-runbook.ts';

/** `fault-process.ts NAME bot|ZONE CONFIG VERSION`: the program as one process, with the toy runbook in this version. */
const [name = '', role = '', configPath = '', version = '1'] = process.argv.slice(2);
const STOP_WITHIN_MS = 5_000;
const folder = dirname(configPath);

const program = await openProgram({
  configPath,
  openStore: () => openStore({ env: process.env }),
  env: process.env,
  log(level, message) {
    const text = `${new Date().toISOString()} ${name} ${level} ${message}\n`;
    appendFileSync(join(folder, 'log'), text);
  },
  timing: TIMING,
  definitions: await definitions(),
  ...(role !== 'bot' && { zone: role }),
});
const stop = role === 'bot' ? await bot() : worker();

process.once('SIGTERM', async () => {
  await stop();
  await program.close();
  process.disconnect();
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });

async function definitions(): Promise<Definitions> {
  const { drivers, commands, ...found } = await loadDefinitions();
  const toy = toyRunbook(Number(version), folder);
  return {
    ...found,
    runbooks: new Map([[toy.name, toy]]),
    commands: new Map([...commands, [toy.name, runbookCommand(toy)]]),
    drivers: [...drivers, quietFarm as unknown as Definitions['drivers'][number]],
  };
}

async function bot(): Promise<() => Promise<void>> {
  const running = await startBot(program, [pipedNetwork()]);
  return () => running.stop();
}

function worker(): () => Promise<void> {
  const running = startZoneWorker(program, ZoneName.parse(role));
  return () => running.stop(STOP_WITHIN_MS);
}
