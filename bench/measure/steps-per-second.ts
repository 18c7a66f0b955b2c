import { ZoneName } from '../../src/domain/ids.ts';
import type { Program } from '../../src/program/program.ts';
import { startBot } from '../../src/program/start-bot.ts';
import { startZoneWorker } from '../../src/program/start-worker.ts';
import type { Rounds } from '../report/figure.ts';
import { openChannel } from '../site/channel.ts';
import { countEnded } from '../site/count-ended.ts';
import { effort } from '../site/effort.ts';
import { openSite } from '../site/open-site.ts';
import { PASSES, passRunbook } from '../site/pass-runbook.ts';
import { temporaryStore } from '../site/temporary-store.ts';
import { until } from '../site/until.ts';
import { hostNames } from '../site/write-site.ts';
import { runBareChains } from './bare-chains.ts';

const OPERATIONS = effort(400, 50);
const HOSTS = 1_000;
const ROUNDS = effort(5, 2);
/** Until the code of both is compiled for good. */
const WARM_UPS = effort(3, 1);
/** As many as a worker of the program looks at, at a time. */
const CONCURRENCY = 50;
const STEPS = OPERATIONS * PASSES;

/** Eight-step operations through the engine, against chains of eight bare jobs. */
export default async function stepsPerSecond(): Promise<readonly Rounds[]> {
  const store = await temporaryStore();
  const program = await openSite({ store, hosts: HOSTS, runbook: passRunbook() });
  const chains = { count: OPERATIONS, length: PASSES, concurrency: CONCURRENCY };
  const ours: number[] = [];
  const values: number[] = [];
  for (let round = 0; round < WARM_UPS + ROUNDS; round += 1) {
    const peer = STEPS / (await runBareChains(store, chains));
    const own = STEPS / (await runOperations(program));
    if (round < WARM_UPS) continue;
    values.push(peer);
    ours.push(own);
  }
  await program.close();
  return [
    {
      name: 'journalled, claimed, fenced steps',
      unit: 'steps/s',
      ours,
      peer: { name: 'bare BullMQ jobs', values },
      goal: { of: 'ratio', is: 'at least', than: 0.6 },
    },
  ];
}

/** Seconds from when a worker comes for the operations until all have ended. Requesting them does not count. */
async function runOperations(program: Program): Promise<number> {
  const { journal, ended } = countEnded(program.journal);
  const counted = { ...program, journal };
  await requestAll(counted);
  const began = performance.now();
  const worker = startZoneWorker(counted, ZoneName.parse('staging'));
  await until(() => ended() === OPERATIONS);
  const seconds = (performance.now() - began) / 1_000;
  await worker.stop(5_000);
  return seconds;
}

/** Rik may start them without anybody's approval. */
async function requestAll(program: Program): Promise<void> {
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const hosts = hostNames(HOSTS).slice(0, OPERATIONS);
  await Promise.all(hosts.map((host) => channel.says('rik', `!pass ${host}`)));
  await bot.stop();
}
