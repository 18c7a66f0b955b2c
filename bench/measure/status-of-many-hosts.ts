import type { Program } from '../../src/program/program.ts';
import { startBot } from '../../src/program/start-bot.ts';
import type { Rounds } from '../report/figure.ts';
import { median } from '../report/statistics.ts';
import { type Channel, openChannel } from '../site/channel.ts';
import { effort } from '../site/effort.ts';
import { openSite } from '../site/open-site.ts';
import { temporaryStore } from '../site/temporary-store.ts';

const MANY = 10_000;
const FEW = 100;
const ROUNDS = effort(7, 2);
const EACH = effort(50, 10);

/** `!status` of ten pools with many hosts, against ten pools with few. */
export default async function statusOfManyHosts(): Promise<readonly Rounds[]> {
  // Each with a store of its own, since of the bots of one store one talks.
  const programs = [await openWith(MANY), await openWith(FEW)];
  const channels = [openChannel(), openChannel()] as const;
  const bots = await Promise.all(
    programs.map((one, at) => startBot(one, channels.slice(at, at + 1))),
  );
  const ours: number[] = [];
  const values: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [many, few] = [await millisecondsFor(channels[0]), await millisecondsFor(channels[1])];
    // The first round only warms up.
    if (round === 0) continue;
    ours.push(many);
    values.push(few);
  }
  for (const bot of bots) await bot.stop();
  for (const program of programs) await program.close();
  const name = '!status over 10,000 hosts';
  const peer = { name: 'over 100 hosts', values };
  return [
    { name, unit: 'ms', ours, peer, goal: { of: 'ratio', is: 'at most', than: 3 } },
    { name: `${name}, alone`, unit: 'ms', ours, goal: { of: 'ours', is: 'under', than: 50 } },
  ];
}

async function openWith(hosts: number): Promise<Program> {
  return openSite({ store: await temporaryStore(), hosts });
}

async function millisecondsFor(channel: Channel): Promise<number> {
  const all: number[] = [];
  for (let nth = 0; nth < EACH; nth += 1) {
    const began = performance.now();
    await channel.says('rik', '!status');
    all.push(performance.now() - began);
  }
  return median(all);
}
