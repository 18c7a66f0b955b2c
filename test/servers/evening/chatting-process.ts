import { openStore } from '../../../src/adapters/store/open-store.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { openLabProgram } from '../../../src/lab/lab-program.ts';
import { connectNetworks } from '../../../src/program/connect-networks.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';

/** `chatting-process.ts bot|worker CONFIG`: one role of the program as a process, on the networks of its configuration. */
const [role, configPath = ''] = process.argv.slice(2);

const store = await openStore({ env: process.env });
const program = await openLabProgram(configPath, store, process.env);
process.on('disconnect', () => process.exit(0));
if (role === 'bot') await startBot(program, connectNetworks(program));
else startZoneWorker(program, ZoneName.parse('staging'));
process.send?.({ kind: 'ready' });
