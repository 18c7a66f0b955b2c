import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ChatNetwork, Outgoing } from '../../../../src/bot/chat-network.ts';
import { type SlackDouble, startSlackDouble } from '../../../slack/slack-double.ts';
import type { Channel, User } from '../../../slack/workspace.ts';
import { until } from '../../../until.ts';
import { type ConnectOptions, connect } from './connected.ts';

let double: SlackDouble;
let ops: Channel;
let ana: User;
let networks: ChatNetwork[];

beforeEach(async () => {
  networks = [];
  double = await startSlackDouble();
  ops = double.channel('ops');
  ana = double.person('ana');
});

afterEach(async () => {
  await Promise.all(networks.map((network) => network.stop()));
  await double.stop();
});

async function connected(options: ConnectOptions = {}) {
  const made = await connect(double, options);
  networks.push(made.network);
  return made;
}

const notice = (text: string, more: Partial<Outgoing> = {}): Outgoing => ({
  channel: '#ops',
  key: text,
  lines: [text],
  as: 'notice',
  ...more,
});

test('a message, an edit and a thread', async () => {
  const { network, heard } = await connected();
  await double.says(ana, ops, '!status builder-07.example.org');
  await until(() => heard.length === 1);
  expect(heard[0]).toMatchObject({
    kind: 'message',
    ref: { channel: '#ops' },
    sender: { id: `T0HOME:${ana.id}`, shown: 'ana' },
    text: '!status builder-07.example.org',
  });
  const ref = await network.post(notice('op-1 <!channel> & co', { as: 'card' }));
  await network.post(notice('details', { thread: ref }));
  expect(await network.edit(ref, notice('op-1 done', { as: 'card' }))).toBe('stands');
  const own = ops.messages.filter(({ user }) => user === double.workspace.bot.id);
  expect(own.map(({ text, thread_ts }) => [text, thread_ts])).toEqual([
    ['op-1 done', undefined],
    ['details', own[0]?.ts],
  ]);
});
