import { setTimeout as delay } from 'node:timers/promises';
import { ZoneName } from '../../src/domain/ids.ts';
import { startBot } from '../../src/program/start-bot.ts';
import { startZoneWorker } from '../../src/program/start-worker.ts';
import type { Rounds } from '../report/figure.ts';
import { type Channel, openChannel } from '../site/channel.ts';
import { countLooks } from '../site/count-looks.ts';
import { effort } from '../site/effort.ts';
import { openSite } from '../site/open-site.ts';
import { temporaryStore } from '../site/temporary-store.ts';
import { until } from '../site/until.ts';
import { hostNames } from '../site/write-site.ts';

const BATCHES = effort(5, 2);
const BATCH = effort(2_000, 200);
const OPERATIONS = BATCHES * BATCH;
const MANY = OPERATIONS.toLocaleString('en');
/** What these leave behind in the process is code and buffers, and does not count. */
const WARM_UP = effort(2_000, 100);
const AT_ONCE = 32;
const ROUNDS = effort(7, 2);
const WATCH_MS = effort(5_000, 1_000);

/** Operations that wait for an approval, requested, told and parked by a process that is bot and worker. */
export default async function parkedOperations(): Promise<readonly Rounds[]> {
  const hosts = hostNames(OPERATIONS + WARM_UP);
  const opened = await openSite({ store: await temporaryStore(), hosts: hosts.length });
  const { journal, looks } = countLooks(opened.journal);
  const program = { ...opened, journal };
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const worker = startZoneWorker(program, ZoneName.parse('staging'));
  const park = async (some: readonly string[]) => {
    const before = looks();
    await requestAll(channel, some);
    await until(() => looks() >= before + some.length);
    return heapInUse();
  };
  let before = await park(hosts.slice(0, WARM_UP));
  const grown: number[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const first = WARM_UP + batch * BATCH;
    const after = await park(hosts.slice(first, first + BATCH));
    grown.push((after - before) / BATCH);
    before = after;
  }
  const seen = looks();
  await delay(WATCH_MS);
  const busy = looks() - seen;
  const first = await millisecondsFor(channel, '!ops');
  const again = await roundsOf(channel, '!ops');
  const firstStatus = await millisecondsFor(channel, '!status');
  const status = await roundsOf(channel, '!status');
  const asked = ((await heapInUse()) - before) / OPERATIONS;
  await worker.stop(5_000);
  await bot.stop();
  await program.close();
  return [
    memory('an operation that waits for approval', grown),
    memory('each of them after !ops and !status, besides', [asked]),
    workers(busy),
    latency(`!ops with ${MANY} open operations, the first one`, [first]),
    latency(`!ops with ${MANY} open operations`, again),
    {
      name: `!status with ${MANY} open operations, the first one`,
      unit: 'ms',
      ours: [firstStatus],
    },
    { name: `!status with ${MANY} open operations`, unit: 'ms', ours: status },
  ];
}

/** Ends when the channel was told of each of them. */
async function requestAll(channel: Channel, hosts: readonly string[]): Promise<void> {
  const left = hosts.values();
  async function ask(): Promise<void> {
    for (const host of left) {
      const told = channel.heard(
        ({ as, lines }) => as === 'prompt' && !!lines[0]?.includes(` ${host} `),
      );
      await channel.says('ana', `!reimage ${host}`);
      await told;
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
}

/** Collected more than once, because what finalizers let go of is only free after that. */
async function heapInUse(): Promise<number> {
  for (let time = 0; time < 4; time += 1) {
    await delay(250);
    globalThis.gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function roundsOf(channel: Channel, command: string): Promise<number[]> {
  const all: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await millisecondsFor(channel, command));
  return all;
}

async function millisecondsFor(channel: Channel, command: string): Promise<number> {
  const began = performance.now();
  await channel.says('ana', command);
  return performance.now() - began;
}

/** What a batch adds to the heap; other things in it come and go, so that a single batch may seem to take some away. */
function memory(of: string, ours: readonly number[]): Rounds {
  return {
    name: `memory of ${of}`,
    unit: 'B',
    ours,
    goal: { of: 'ours', is: 'under', than: 1_024 },
  };
}

function workers(looks: number): Rounds {
  const name = `looks of a worker at ${MANY} waiting operations, in ${WATCH_MS / 1_000} s`;
  return { name, unit: 'looks', ours: [looks], goal: { of: 'ours', is: 'at most', than: 0 } };
}

function latency(name: string, ours: readonly number[]): Rounds {
  return { name, unit: 'ms', ours, goal: { of: 'ours', is: 'under', than: 100 } };
}
