import { memoryJournal } from '../../src/adapters/simulated/memory-journal.ts';
import type { Program } from '../../src/program/program.ts';
import { startBot } from '../../src/program/start-bot.ts';
import { messagesInMemory } from '../../test/bot/fixture/network.ts';
import type { Rounds } from '../report/figure.ts';
import { median, quantile } from '../report/statistics.ts';
import { type Channel, openChannel } from '../site/channel.ts';
import { effort } from '../site/effort.ts';
import { openSite } from '../site/open-site.ts';
import { temporaryStore } from '../site/temporary-store.ts';
import { hostNames } from '../site/write-site.ts';
import { type Act, atRate, mostPerSecond } from './load.ts';

const HOSTS = 1_000;
const ROUNDS = effort(5, 2);
const ROUND_MS = effort(1_500, 300);

/** From a typed line to the reply; a request is on record before the narrator tells of it. */
export default async function commandToAcknowledgement(): Promise<readonly Rounds[]> {
  const program = await openSite({ store: await temporaryStore(), hosts: HOSTS });
  const measured = [
    ...(await measureWith(program, 'journal in Redis')),
    ...(await measureWith(inMemory(program), 'journal in memory')),
  ];
  await program.close();
  return measured;
}

function inMemory(program: Program): Program {
  const doorbell = { ring: async () => {} };
  return { ...program, journal: memoryJournal(), messages: messagesInMemory(), doorbell };
}

async function measureWith(program: Program, journal: string): Promise<readonly Rounds[]> {
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const op = await request(channel, hostNames(HOSTS)[0] ?? '');
  const measured: Rounds[] = [];
  for (const [command, act] of Object.entries(acts(channel, op))) {
    measured.push(...(await measureAct(`${command}, ${journal}`, act)));
  }
  await bot.stop();
  return measured;
}

function acts(channel: Channel, op: string): Readonly<Record<string, Act>> {
  const hosts = hostNames(HOSTS);
  const hostOf = (nth: number) => hosts[nth % hosts.length] ?? '';
  return {
    '!whoami': () => channel.says('ana', '!whoami'),
    '!status op': () => channel.says('ana', `!status ${op}`),
    '!reimage until told': async (nth) => void (await request(channel, hostOf(nth))),
    // The last, since the narrator falls behind.
    '!reimage until journalled': (nth) => channel.says('ana', `!reimage ${hostOf(nth)}`),
  };
}

/** Ends when the channel was told, and gives the operation. */
async function request(channel: Channel, host: string): Promise<string> {
  const told = channel.heard(
    ({ as, lines }) => as !== 'reply' && !!lines[0]?.includes(` ${host} `),
  );
  await channel.says('ana', `!reimage ${host}`);
  return /op-\w+/.exec((await told).lines.join(' '))?.[0] ?? '';
}

async function measureAct(name: string, act: Act): Promise<readonly Rounds[]> {
  await mostPerSecond(act, ROUND_MS);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await mostPerSecond(act, ROUND_MS));
  const half = median(rates) / 2;
  const late: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    late.push(quantile(await atRate(act, half, ROUND_MS), 0.99));
  }
  return [
    { name, unit: 'commands/s', ours: rates },
    {
      name: `${name}: 99th percentile at half of that`,
      unit: 'ms',
      ours: late,
      goal: { of: 'ours', is: 'under', than: 10 },
    },
  ];
}
