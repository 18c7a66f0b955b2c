import { rm } from 'node:fs/promises';
import { DEFAULT_TIMING } from '../../src/jobs/engine/engine.ts';
import type { Program } from '../../src/program/program.ts';
import { startBot } from '../../src/program/start-bot.ts';
import type { Rounds } from '../report/figure.ts';
import { type Channel, openChannel } from '../site/channel.ts';
import { effort } from '../site/effort.ts';
import { openSiteIn } from '../site/open-site.ts';
import { passRunbook } from '../site/pass-runbook.ts';
import { temporaryStore } from '../site/temporary-store.ts';
import { until } from '../site/until.ts';
import { startWorkerProcess } from '../site/worker-process.ts';
import { hostNames, writeSite } from '../site/write-site.ts';

const ROUNDS = effort(3, 1);
const OPERATIONS = 20;

interface Place {
  readonly folder: string;
  readonly address: string;
  readonly channel: Channel;
  readonly program: Program;
}

/** From `kill -9` of a worker inside the steps of twenty operations until another one has called the last of them again. */
export default async function workerKilled(): Promise<readonly Rounds[]> {
  const hosts = hostNames(ROUNDS * OPERATIONS);
  const folder = await writeSite({ hosts: hosts.length, listed: 'as ranges' });
  const store = await temporaryStore();
  const program = await openSiteIn(folder, { store, runbook: passRunbook() });
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const place = {
    folder,
    address: store.connection('commands').options.path ?? '',
    channel,
    program,
  };
  const ours: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await secondsToResume(place, hosts.slice(round * OPERATIONS).slice(0, OPERATIONS)));
  }
  await bot.stop();
  await program.close();
  await rm(folder, { recursive: true });
  return [
    {
      name: `worker killed to steps resumed elsewhere, the last of ${OPERATIONS}`,
      unit: 's',
      ours,
      peer: { name: 'the lease', values: ours.map(() => DEFAULT_TIMING.leaseMs / 1_000) },
      goal: { of: 'ours', is: 'under', than: 25 },
    },
  ];
}

async function secondsToResume(
  { folder, address, channel, program }: Place,
  hosts: readonly string[],
): Promise<number> {
  const first = await startWorkerProcess(folder, address, 'holds');
  for (const host of hosts) await channel.says('rik', `!pass ${host}`);
  await until(() => first.begun.size === hosts.length);
  const second = await startWorkerProcess(folder, address, 'passes');
  const killed = performance.now();
  await first.kill();
  await until(() => second.begun.size === hosts.length);
  await until(async () => (await program.journal.open()).length === 0);
  await second.kill();
  return (Math.max(...second.begun.values()) - killed) / 1_000;
}
