import { storeAt } from '../adapters/store/store.ts';
import { ZoneName } from '../domain/ids.ts';
import { startZoneWorker } from '../program/start-worker.ts';
import { openLabProgram } from './lab-program.ts';

/** A worker of the lab as a process of its own, so that it can really be killed. It ends with the lab. */
const [configPath = '', address = ''] = process.argv.slice(2);
const store = storeAt({
  name: 'the embedded store',
  durable: false,
  address,
  log: () => undefined,
  stop: async () => undefined,
});
const program = await openLabProgram(configPath, store, process.env);
startZoneWorker(program, ZoneName.parse('staging'));
process.on('disconnect', () => process.exit(0));
