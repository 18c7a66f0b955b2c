import { HostName } from '../../src/domain/ids.ts';
import { shellOver } from '../../test/adapters/infra/ssh/shell-fixture.ts';
import { clushAfresh, clushWarm } from '../peers/clush.ts';
import type { Rounds } from '../report/figure.ts';
import { effort } from '../site/effort.ts';
import { type SshHosts, sshHosts } from '../site/ssh-hosts.ts';

const HOSTS = 50;
const ROUNDS = effort(9, 2);
const PATIENCE_MS = 60_000;

type Shell = ReturnType<typeof shellOver>;

/** One command on fifty hosts at once, with and without connections from before, in turn with clush. */
export default async function sshFanOut(): Promise<readonly Rounds[]> {
  const hosts = await sshHosts(HOSTS);
  try {
    const first = await firstContact(hosts);
    const again = await warm(hosts);
    return [
      { ...first, goal: { of: 'ratio', is: 'at least', than: 3 } },
      { ...again, goal: { of: 'ratio', is: 'at least', than: 1 } },
    ];
  } finally {
    await hosts.close();
  }
}

async function firstContact(hosts: SshHosts): Promise<Rounds> {
  const clush = await clushAfresh(hosts);
  const own = async () => {
    const shell = open(hosts);
    const seconds = await secondsOf(shell, hosts);
    await shell.close();
    return seconds;
  };
  const rates = await inTurn(own, clush.seconds, () => hosts.settled(0));
  return figure('a command on 50 hosts, first contact', 'clush', rates);
}

async function warm(hosts: SshHosts): Promise<Rounds> {
  const clush = await clushWarm(hosts);
  const shell = open(hosts);
  const own = () => secondsOf(shell, hosts);
  const rates = await inTurn(own, clush.seconds, async () => {});
  await shell.close();
  await clush.close();
  return figure('a command on 50 hosts, connections warm', 'clush with ControlPersist', rates);
}

interface Rates {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

async function inTurn(
  own: () => Promise<number>,
  peer: () => Promise<number>,
  settle: () => Promise<void>,
): Promise<Rates> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const theirSeconds = await peer();
    await settle();
    const ourSeconds = await own();
    await settle();
    // The first round only warms up.
    if (round === 0) continue;
    theirs.push(HOSTS / theirSeconds);
    ours.push(HOSTS / ourSeconds);
  }
  return { ours, theirs };
}

function open({ hosts, keyFile }: SshHosts): Shell {
  return shellOver(hosts, { 'key-file': keyFile, 'idle-close-s': 600 });
}

async function secondsOf({ shell }: Shell, { hosts }: SshHosts): Promise<number> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const command = { argv: ['echo', 'hello'] };
  const began = performance.now();
  const results = await Promise.all(
    hosts.map(({ name }) => shell.run(HostName.parse(name), command, signal)),
  );
  const seconds = (performance.now() - began) / 1_000;
  const answers = results.filter(({ stdout }) => stdout === 'hello\n');
  if (answers.length !== HOSTS) throw new Error(`${answers.length} hosts answered`);
  return seconds;
}

function figure(name: string, peer: string, { ours, theirs }: Rates): Rounds {
  return { name, unit: 'hosts/s', ours, peer: { name: peer, values: theirs } };
}
