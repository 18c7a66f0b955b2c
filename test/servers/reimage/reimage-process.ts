import { openStore } from '../../../src/adapters/store/open-store.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { openProgram, type Program } from '../../../src/program/program.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';
import { pipedNetwork } from '../program/piped-network.ts';
import { heldJournal, type StopAt } from './held-journal.ts';

/**
 * `reimage-process.ts bot|worker CONFIG`: one role of the program as a process that ends with the test. TIME_SCALE and
 * LEASE_MS are its timing; a worker with STOP_AT stands still there and says so.
 */
const [role, configPath = ''] = process.argv.slice(2);
const { TIME_SCALE, LEASE_MS, STOP_AT } = process.env;

const program = await openProgram({
  configPath,
  openStore: () => openStore({ env: process.env }),
  env: process.env,
  log: (level, message) => level === 'error' && process.stderr.write(`${role}: ${message}\n`),
  timing: { leaseMs: Number(LEASE_MS), timeScale: Number(TIME_SCALE) },
});
if (role === 'bot') await startBot(program, [pipedNetwork()]);
else startZoneWorker(stopping(program), ZoneName.parse('staging'));

process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready' });

function stopping(program: Program): Program {
  if (STOP_AT === undefined) return program;
  const stopAt = JSON.parse(STOP_AT) as StopAt;
  const held = () => process.send?.({ kind: 'held' });
  return { ...program, journal: heldJournal(program.journal, stopAt, held) };
}
