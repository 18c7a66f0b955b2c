import { ZoneName } from '../../../src/domain/ids.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';
import { pipedNetwork } from '../program/piped-network.ts';
import { openToyProgram } from './toy-program.ts';

/** `parked-process.ts bot|worker CONFIG`: one role as a process. It ends with the test. */
const [role, configPath = ''] = process.argv.slice(2);

const program = await openToyProgram(configPath, process.env);
if (role === 'bot') await startBot(program, [pipedNetwork()]);
else startZoneWorker(program, ZoneName.parse('staging'));
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });
