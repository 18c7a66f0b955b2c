import { setTimeout as delay } from 'node:timers/promises';
import { type StepId, ZoneName } from '../../src/domain/ids.ts';
import { startBot } from '../../src/program/start-bot.ts';
import { startZoneWorker } from '../../src/program/start-worker.ts';
import type { Rounds } from '../report/figure.ts';
import { quantile } from '../report/statistics.ts';
import { type Channel, openChannel } from '../site/channel.ts';
import { effort } from '../site/effort.ts';
import { openSite } from '../site/open-site.ts';
import { passRunbook } from '../site/pass-runbook.ts';
import { temporaryStore } from '../site/temporary-store.ts';
import { hostNames } from '../site/write-site.ts';

const ROUNDS = effort(5, 2);
const EACH = effort(100, 10);
const HOSTS = 1_000;
const FIRST = 'pass-1' as StepId;

/** From when the approval arrives until the first step is called, with a worker that has nothing else to do. */
export default async function approvalToStart(): Promise<readonly Rounds[]> {
  const starts = new EventTarget();
  const onStep = (op: string, step: StepId) => {
    if (step === FIRST) starts.dispatchEvent(new Event(op));
  };
  const store = await temporaryStore();
  const program = await openSite({ store, hosts: HOSTS, runbook: passRunbook(onStep) });
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const worker = startZoneWorker(program, ZoneName.parse('staging'));
  const hosts = hostNames(HOSTS).values();
  const rounds: number[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const all: number[] = [];
    for (const host of hosts.take(EACH)) all.push(await approve(host, channel, starts));
    rounds.push(all);
  }
  await worker.stop(5_000);
  await bot.stop();
  await program.close();
  return [figure(rounds, 'median', 0.5), figure(rounds, '99th percentile', 0.99)];
}

async function approve(host: string, channel: Channel, starts: EventTarget): Promise<number> {
  const asked = channel.heard(({ lines }) => lines.some((line) => line.includes(` ${host} `)));
  await channel.says('ana', `!pass ${host}`);
  const [, op = '', code = ''] = /!approve (\S+) (\w+)/.exec((await asked).lines.join(' ')) ?? [];
  // Nobody approves so soon that the worker has not parked it yet.
  await delay(20);
  const { promise: started, resolve } = Promise.withResolvers<number>();
  starts.addEventListener(op, () => resolve(performance.now()), { once: true });
  const began = performance.now();
  await channel.says('ben', `!approve ${op} ${code}`);
  return (await started) - began;
}

function figure(rounds: readonly number[][], what: string, part: number): Rounds {
  return {
    name: `approval given to first step started, ${what}`,
    unit: 'ms',
    ours: rounds.map((all) => quantile(all, part)),
    goal: { of: 'ours', is: 'under', than: 100 },
  };
}
