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
const ROUND_MS = effort(1_000, 300);

/**
 * From a typed line to the reply; a request is on record before the narrator tells of it. The peers know who is asking
 * and answer, and have neither a policy to ask nor a journal to keep.
 */
export default async function commandToAcknowledgement(): Promise<readonly Rounds[]> {
  const program = await openSite({ store: await temporaryStore(), hosts: HOSTS });
  const peers = { errbot: await errbot(), hubot: await hubot() };
  const measured = [
    ...(await measureWith(program, '', peers)),
    ...(await measureWith(inMemory(program), ', journal in memory', peers)),
  ];
  for (const peer of Object.values(peers)) await peer.close();
  await program.close();
  return measured;
}

interface Peers {
  readonly errbot: Dispatcher;
  readonly hubot: Dispatcher;
}

function inMemory(program: Program): Program {
  const doorbell = { ring: async () => {} };
  return { ...program, journal: memoryJournal(), messages: messagesInMemory(), doorbell };
}

async function measureWith(
  program: Program,
  where: string,
  { errbot, hubot }: Peers,
): Promise<readonly Rounds[]> {
  const channel = openChannel();
  const bot = await startBot(program, [channel]);
  const op = await request(channel, hostNames(HOSTS)[0] ?? '');
  const measured: Rounds[] = [];
  for (const [command, act] of Object.entries(acts(channel, op))) {
    const others = command === '!whoami' ? [errbot, hubot] : [errbot];
    measured.push(...(await measureAct(`${command}${where}`, act, others)));
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
  return [...rates(name, ours, theirs), await latency(name, act, { ours, theirs })];
}

/** At half the load of the goal, which is Errbot's; of what cannot bear that, at half of what it bears. */
async function latency(name: string, act: Act, { ours, theirs }: Rates): Promise<Rounds> {
  const most = median(ours);
  const goal = median(theirs.get('Errbot') ?? ours);
  const late: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    late.push(quantile(await atRate(act, Math.min(most, goal) / 2, ROUND_MS), 0.99));
  }
  return {
    name: `${name}: 99th percentile at half of ${most < goal ? 'our own' : "Errbot's"} rate`,
    unit: 'ms',
    ours: late,
    goal: { of: 'ours', is: 'under', than: 10 },
  };
}

interface Rates {
  readonly ours: readonly number[];
  readonly theirs: ReadonlyMap<string, readonly number[]>;
}

async function ratesInTurn(act: Act, peers: readonly Dispatcher[]): Promise<Rates> {
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

/** A figure for each peer. The goal is to be as fast as Errbot with what it does not do. */
function rates(name: string, ours: Rates['ours'], theirs: Rates['theirs']): readonly Rounds[] {
  return [...theirs].map(([peer, values]) => ({
    name: `${name}, against ${peer}`,
    unit: 'commands/s',
    ours,
    peer: { name: peer, values },
    ...(peer === 'Errbot' && { goal: { of: 'ratio', is: 'at least', than: 1 } as const }),
  }));
}
