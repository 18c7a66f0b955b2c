import { appendFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openStore } from '../../../src/adapters/store/open-store.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { openProgram } from '../../../src/program/program.ts';
import { startBot } from '../../../src/program/start-bot.ts';
import { startZoneWorker } from '../../../src/program/start-worker.ts';
import { pipedNetwork } from '../../servers/program/piped-network.ts';
import { faultDefinitions } from './fault-definitions.ts';
import { ANCHORED_EVERY_MS, TIMING } from './limits.ts';

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
  definitions: await faultDefinitions(folder, Number(version)),
  remember: role === 'bot' ? 'bot' : `worker-${role}`,
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

async function bot(): Promise<() => Promise<void>> {
  const running = await startBot(program, [pipedNetwork()], { anchoredEveryMs: ANCHORED_EVERY_MS });
  return () => running.stop();
}

function worker(): () => Promise<void> {
  const running = startZoneWorker(program, ZoneName.parse(role));
  return () => running.stop(STOP_WITHIN_MS);
}
