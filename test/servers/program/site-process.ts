import { openStore } from '../../../src/adapters/store/open-store.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { openLabProgram } from '../../../src/lab/lab-program.ts';
import { catchHangups } from '../../../src/program/reload/on-hangup.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';
import { pipedNetwork } from './piped-network.ts';

/** `site-process.ts bot|worker CONFIG`: one role of the program as a process, in the lab's time. It ends with the test. */
const [role, configPath = ''] = process.argv.slice(2);
const STOP_WITHIN_MS = 20_000;

const store = await openStore({ env: process.env });
const program = await openLabProgram(configPath, store, process.env);
const stop = role === 'bot' ? await bot() : worker();

process.once('SIGTERM', async () => {
  await stop();
  await program.close();
  process.disconnect();
});
process.on('disconnect', () => process.exit(0));
catchHangups().reload(program);
process.send?.({ kind: 'ready' });

async function bot(): Promise<() => Promise<void>> {
  const running = await startBot(program, [pipedNetwork()]);
  return () => running.stop();
}

function worker(): () => Promise<void> {
  const running = startZoneWorker(program, ZoneName.parse('staging'));
  return () => running.stop(STOP_WITHIN_MS);
}
