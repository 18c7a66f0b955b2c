import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { embeddedStore } from '../../src/adapters/store/embedded-store.ts';
import type { ChatNetwork, Incoming } from '../../src/bot/chat-network.ts';
import { Failure } from '../../src/domain/failure.ts';
import { openProgram, type Program } from '../../src/program/program.ts';
import { type RunningBot, startBot } from '../../src/program/start-bot.ts';
import { until } from '../until.ts';

const SETTINGS = `networks:
  irc: { server: 127.0.0.1, login: password, account: signalbox }
channels:
  - { network: irc, channel: "#ops", watches: "*" }
  - { network: irc, channel: "#farm", watches: "*" }
zones:
  staging: { drivers: {} }
`;
const READ = /^#\w+ back after \d+ s, what was typed meanwhile was not read$/;

let folder: string;
let program: Program;
let bot: RunningBot | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-hand-over-'));
  await writeFile(join(folder, 'signalbox.yaml'), `inventory: inventory.yaml\n${SETTINGS}`);
  await writeFile(join(folder, 'inventory.yaml'), 'hosts: { web-01: { zone: staging } }\n');
  program = await openProgram({
    configPath: join(folder, 'signalbox.yaml'),
    openStore: () => embeddedStore(),
    env: {},
    log: () => undefined,
  });
});
afterEach(async () => {
  await bot?.stop();
  bot = undefined;
  await program.close();
  await rm(folder, { recursive: true, force: true });
});

/** It takes what is said only while it is connected, and has each line that was. */
function network(own: Pick<ChatNetwork, 'keeps' | 'private'> = {}) {
  const said: string[] = [];
  let take: ((incoming: Incoming) => Promise<void>) | undefined;
  const over: ChatNetwork = {
    name: 'irc',
    can: { edit: false, threads: false, reactions: false, files: false, formatting: 'plain' },
    ...own,
    async start(given) {
      take = given;
    },
    async post({ channel, lines }) {
      if (take === undefined) throw AWAY;
      said.push(`${channel} ${lines.join(' / ')}`);
      return { channel, id: `said-${said.length}` };
    },
    edit: () => expect.unreachable(),
    async stop() {
      take = undefined;
    },
  };
  const ref = { channel: '#ops', id: 'm1' };
  const bring = (text: string) =>
    take?.({ kind: 'message', ref, sender: { id: 'kim', shown: 'kim' }, text });
  return { over, said, bring, isConnected: () => take !== undefined };
}

const AWAY = new Failure({
  code: 'chat.away',
  problem: 'the network is away',
  because: 'it was stopped',
  effect: 'none',
  next: 'Wait.',
});

describe('a bot that is told to stop', () => {
  it('answers what it has taken in before it leaves', async () => {
    const { over, said, bring, isConnected } = network();
    bot = await startBot(program, [over]);
    const taken = bring('!ops');
    await bot.stop();
    expect(isConnected()).toBe(false);
    expect(said).toEqual([expect.stringMatching(/^#ops /)]);
    await taken;
  });
});

describe('a bot whose store takes long to say that it still has the network', () => {
  /** Its lease is about to end, and the store gives it the next one when the test says so, or says that another has it. */
  function slowStore() {
    const renewed = Promise.withResolvers<boolean>();
    const duties: Program['duties'] = {
      ...program.duties,
      take: async () => ({ epoch: 1, deadline: performance.now() }),
      renew: async () => ((await renewed.promise) ? performance.now() + 60_000 : undefined),
    };
    const timing = { ...program.timing, leaseMs: 60 };
    return { renewed, program: { ...program, duties, timing } };
  }

  it('answers what was typed meanwhile once it is sure', async () => {
    const { over, said, bring } = network({ private: true });
    const slow = slowStore();
    bot = await startBot(slow.program, [over]);
    const taken = bring('!ops');
    await new Promise(setImmediate);
    expect(said).toEqual([]);
    slow.renewed.resolve(true);
    await taken;
    expect(said).toEqual([expect.stringMatching(/^#ops /)]);
  });

  it('leaves what was typed meanwhile to the bot that has it by now', async () => {
    const { over, said, bring, isConnected } = network({ private: true });
    const slow = slowStore();
    bot = await startBot(slow.program, [over]);
    const taken = bring('!ops');
    slow.renewed.resolve(false);
    await taken;
    await until(() => !isConnected());
    expect(said).toEqual([]);
  });
});

describe('a bot that takes over', () => {
  /** Another one had the duty a moment ago, and does not renew it. */
  const fellSilent = () => program.duties.take('talk on irc', 'another', 50);

  it('from one that fell silent says in each channel that nobody read what was typed', async () => {
    const { over, said } = network();
    await fellSilent();
    bot = await startBot(program, [over]);
    await until(() => said.length === 2);
    expect(said).toEqual([expect.stringMatching(READ), expect.stringMatching(READ)]);
  });

  it('from one that let go of it says nothing, nor does the first one', async () => {
    const { over, said, bring, isConnected } = network();
    await fellSilent();
    await program.duties.release('talk on irc', 'another');
    bot = await startBot(program, [over]);
    await until(isConnected);
    await bring('!ops');
    expect(said).toHaveLength(1);
    await bot.stop();
    const next = network();
    bot = await startBot(program, [next.over]);
    await next.bring('!ops');
    expect(next.said).toHaveLength(1);
  });

  it.each([{ keeps: true }, { private: true }] as const)(
    'says nothing where nothing is lost: %o',
    async (own) => {
      const { over, said, bring, isConnected } = network(own);
      await fellSilent();
      bot = await startBot(program, [over]);
      await until(isConnected);
      await bring('!ops');
      expect(said).toHaveLength(1);
    },
  );
});
