import { memoryJournal } from '../../src/adapters/simulated/memory-journal.ts';
import type { Program } from '../../src/program/program.ts';
import { startBot } from '../../src/program/start-bot.ts';
import { messagesInMemory } from '../../test/bot/fixture/network.ts';
import type { Dispatcher } from '../peers/dispatcher.ts';
import { errbot } from '../peers/errbot.ts';
import { hubot } from '../peers/hubot.ts';
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

/**
 * From a typed line to the reply; a request is on record before the narrator tells of it. The peers know who is asking
 * and answer, and have neither a policy to ask nor a journal to keep.
 */
export default async function commandToAcknowledgement(): Promise<readonly Rounds[]> {
  const program = await openSite({ store: await temporaryStore(), hosts: HOSTS });
  const peers = [await errbot(), await hubot()];
  const measured = [
    ...(await measureWith(program, 'journal in Redis', peers)),
    ...(await measureWith(inMemory(program), 'journal in memory', [])),
  ];
  for (const peer of peers) await peer.close();
  await program.close();
  return measured;
}

function inMemory(program: Program): Program {
  const doorbell = { ring: async () => {} };
  return { ...program, journal: memoryJournal(), messages: messagesInMemory(), doorbell };
}

async function measureWith(
  program: Program,
  journal: string,
  peers: readonly Dispatcher[],
): Promise<readonly Rounds[]> {
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const op = await request(channel, hostNames(HOSTS)[0] ?? '');
  const measured: Rounds[] = [];
  for (const [command, act] of Object.entries(acts(channel, op))) {
    measured.push(...(await measureAct(`${command}, ${journal}`, act, peers)));
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

async function measureAct(
  name: string,
  act: Act,
  peers: readonly Dispatcher[],
): Promise<readonly Rounds[]> {
  const { ours, theirs } = await ratesInTurn(act, peers);
  const half = median(ours) / 2;
  const late: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    late.push(quantile(await atRate(act, half, ROUND_MS), 0.99));
  }
  return [
    ...rates(name, ours, theirs),
    {
      name: `${name}: 99th percentile at half of that`,
      unit: 'ms',
      ours: late,
      goal: { of: 'ours', is: 'under', than: 10 },
    },
  ];
}

type RatesOf = ReadonlyMap<string, readonly number[]>;

async function ratesInTurn(
  act: Act,
  peers: readonly Dispatcher[],
): Promise<{ readonly ours: readonly number[]; readonly theirs: RatesOf }> {
  const ours: number[] = [];
  const theirs = new Map(peers.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    const own = await mostPerSecond(act, ROUND_MS);
    // The first round only warms up.
    if (round > 0) ours.push(own);
    for (const peer of peers) {
      const rate = await peer.mostPerSecond(ROUND_MS);
      if (round > 0) theirs.get(peer.name)?.push(rate);
    }
  }
  return { ours, theirs };
}

/** A figure for each peer, or one without. The goal is to be as fast as Errbot with what it does not do. */
function rates(name: string, ours: readonly number[], theirs: RatesOf): readonly Rounds[] {
  const unit = 'commands/s';
  if (theirs.size === 0) return [{ name, unit, ours }];
  return [...theirs].map(([peer, values]) => ({
    name: `${name}, against ${peer}`,
    unit,
    ours,
    peer: { name: peer, values },
    ...(peer === 'Errbot' && { goal: { of: 'ratio', is: 'at least', than: 1 } as const }),
  }));
}
