import { openStore } from '../../../src/adapters/store/open-store.ts';
import { runbookCommand } from '../../../src/bot/runbook-command.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { loadDefinitions } from '../../../src/program/definitions.ts';
import { openProgram } from '../../../src/program/program.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';
import { pipedNetwork } from '../program/piped-network.ts';
import { DRAIN_SCALE } from './drain-scale.ts';
import { reimageToDrain } from './reimage-to-drain.ts';

/** `drain-process.ts bot|worker CONFIG`: one role of the program, for which a day is short. It ends with the test. */
const [role, configPath = ''] = process.argv.slice(2);

const { commands, ...definitions } = await loadDefinitions();
const { name } = reimageToDrain;
const program = await openProgram({
  configPath,
  openStore: () => openStore({ env: process.env }),
  env: process.env,
  log: () => {},
  timing: { leaseMs: 1_500, timeScale: DRAIN_SCALE },
  definitions: {
    ...definitions,
    runbooks: new Map([[name, reimageToDrain]]),
    commands: new Map([...commands, [name, runbookCommand(reimageToDrain)]]),
  },
});
if (role === 'bot') await startBot(program, [pipedNetwork()]);
else startZoneWorker(program, ZoneName.parse('staging'));
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
