import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { slackNetwork } from '../../../src/adapters/chat/slack/slack-network.ts';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import type { ChatNetwork } from '../../../src/bot/chat-network.ts';
import { inventoryOf, NOW_VIRTUAL } from '../../bot/fixture/inventory.ts';
import { type Network, networkOf } from '../../bot/fixture/network.ts';
import { createWorld, OPS, type World, type WorldOptions } from '../../bot/world.ts';
import { buttonsIn } from '../../slack/block-schema.ts';
import { type SlackDouble, startSlackDouble } from '../../slack/slack-double.ts';
import type { Channel, SlackMessage, User } from '../../slack/workspace.ts';
import { until } from '../../until.ts';
import { optionsFor } from './slack/connected.ts';

const watches = ['*'];
const CHANNELS = [
  { network: 'slack', channel: OPS, watches },
  { network: 'irc', channel: OPS, watches },
] as const;

let double: SlackDouble;
let ops: Channel;
let people: Record<'ana' | 'ben' | 'cat', User>;
let slack: ChatNetwork;
let irc: Network;
let world: World;
let typed = 0;

/** The same people on Matrix, on Slack by its driver, and on IRC where there are only lines. */
async function meet(options: WorldOptions = {}): Promise<void> {
  slack = slackNetwork(optionsFor(double, {}, []), memoryChatMemory());
  irc = networkOf('irc', { reactions: false });
  const cards = { edit: true, threads: true } as const;
  world = await createWorld({ ...options, ...cards, alsoOn: [slack, irc], channels: CHANNELS });
  for (const [name, { id }] of Object.entries(people)) world.people.gains(`T0HOME:${id}`, name);
  await until(() => double.deliveries.sockets.size > 0);
}

beforeEach(async () => {
  double = await startSlackDouble();
  ops = double.channel('ops');
  people = { ana: double.person('ana'), ben: double.person('ben'), cat: double.person('cat') };
});
afterEach(async () => {
  await world.narratorStops();
  await slack.stop();
  await double.stop();
});

/** What each network shows that asks something, oldest first. */
function asked() {
  const onSlack = ops.messages.filter(({ blocks }) => buttonsIn(blocks).length > 0);
  const onIrc = irc.posted.filter(({ as, channel }) => as === 'prompt' && channel === OPS);
  const codes = onIrc.flatMap(({ lines }) => /!approve op-\w+ \w{4}/.exec(lines.join(' ')) ?? []);
  return { onMatrix: world.prompts(), onSlack, codes };
}

type Name = keyof typeof people;

/** What Slack shows of it, once it shows so many messages more. */
async function onSlack(act: () => Promise<unknown>, more: number): Promise<readonly string[]> {
  const before = ops.messages.length;
  await world.meanwhile(act);
  await until(() => ops.messages.length >= before + more);
  await world.meanwhile(() => undefined);
  return ops.messages.slice(before).map(({ text }) => text);
}

function presses(name: Name, on: SlackMessage | undefined, sign = '👍', more = 1) {
  if (on === undefined) throw new Error('nothing was asked');
  const button = buttonsIn(on.blocks).findIndex(({ value }) => value === sign);
  return onSlack(() => double.presses(people[name], ops, on, button), more);
}

function reactsOnSlack(name: Name, on: SlackMessage | undefined, sign: string, more = 1) {
  if (on === undefined) throw new Error('nothing was asked');
  return onSlack(() => double.reacts(people[name], ops, on, sign), more);
}

async function typesOnIrc(name: Name, text = ''): Promise<readonly string[]> {
  const before = irc.posted.length;
  const ref = { channel: OPS, id: `on-irc-${++typed}` };
  const sender = { id: name, shown: name };
  await world.meanwhile(() => irc.bring({ kind: 'message', ref, sender, text }));
  const said = irc.posted.slice(before).filter(({ channel }) => channel === OPS);
  return said.flatMap(({ lines }) => lines);
}

/** Why people were told no, each with where. */
async function refusals(): Promise<readonly string[]> {
  const lines = await world.says('rik', '!audit');
  const pattern = /^\S+ \S+ (\w+) was refused on (\w+)\/#ops: .*? · (.*)$/;
  return lines.toReversed().flatMap((line) => {
    const [, who, network, because] = pattern.exec(line) ?? [];
    return who === undefined ? [] : [`${who} on ${network}: ${because?.replace(/op-\w+/g, 'it')}`];
  });
}

async function approvals(): Promise<readonly string[]> {
  const [ref] = await world.journal.recent(1);
  const entries = ref ? await world.journal.read(ref) : [];
  return entries.flatMap(({ event, by, source }) =>
    event.kind === 'approved' ? [`${by} on ${source?.network}`] : [],
  );
}

describe('a question that was asked on three networks and superseded', () => {
  test('by its own step takes no approval on any of them, and the new one does on each', async () => {
    await meet({ stepApproval: { count: 2, groups: ['sysadmin-builders'] } });
    await world.says('ana', '!clean builder-01');
    await world.reacts('ben', '👍');
    await world.passes(1);
    const { onMatrix, onSlack, codes } = asked();
    expect([onMatrix.length, onSlack.length, codes.length]).toEqual([2, 2, 2]);
    await world.reacts('cat', '👍', onMatrix[0]);
    await presses('cat', onSlack[0]);
    await reactsOnSlack('ben', onSlack[0], '+1');
    await typesOnIrc('cat', codes[0]);
    const code = codes[0]?.slice(-4);
    expect(await refusals()).toEqual([
      'cat on matrix: that message is not about the plan that it has now',
      'cat on slack: that message is not about the plan that it has now',
      'ben on slack: that message is not about the plan that it has now',
      `cat on irc: ${code} is not the code of the plan that it has now`,
    ]);
    expect(await approvals()).toEqual(['ben on matrix']);
    await presses('ben', onSlack[1]);
    await typesOnIrc('cat', codes[1]);
    expect(await approvals()).toEqual(['ben on matrix', 'ben on slack', 'cat on irc']);
  });

  test('by a new plan for what the inventory says now takes none either', async () => {
    await meet();
    await world.says('ana', '!clean builder-01');
    const before = asked();
    world.workersGo();
    await world.reacts('ben', '👍');
    world.inventory = inventoryOf(NOW_VIRTUAL);
    await world.workersComeBack();
    await world.says('ana', '!clean builder-01');
    const now = asked();
    await world.reacts('cat', '👍', before.onMatrix[0]);
    await presses('cat', before.onSlack[0]);
    await typesOnIrc('cat', before.codes[0]);
    const newest = now.codes.at(-1)?.replace(/\w{4}$/, before.codes[0]?.slice(-4) ?? '');
    await typesOnIrc('cat', newest);
    const because = 'it does not wait for approval: it has ended (refused)';
    expect((await refusals()).slice(-4)).toEqual([
      `cat on matrix: ${because}`,
      `cat on slack: ${because}`,
      `cat on irc: ${because}`,
      `cat on irc: ${newest?.slice(-4)} is not the code of the plan that it has now`,
    ]);
    expect(await approvals()).toEqual([]);
    await presses('cat', now.onSlack.at(-1));
    expect(await approvals()).toEqual(['cat on slack']);
  });

  test('by the next try of a step takes no answer, and the new one does', async () => {
    await meet();
    world.troubles.set('test', 'no such device');
    await world.says('rik', '!clean builder-01');
    await world.passes(1);
    const first = asked();
    await world.says('rik', '!retry op-1');
    await world.passes(1);
    const second = asked();
    await world.reacts('rik', '🔁', first.onMatrix.at(-1));
    await reactsOnSlack('ana', first.onSlack.at(-1), 'repeat');
    await presses('ben', first.onSlack.at(-1), '🔁');
    const because = 'it asks something else by now: test: mount /dev/sdb: no such device';
    expect(await refusals()).toEqual([
      expect.stringContaining(`rik on matrix: ${because}`),
      expect.stringContaining(`ana on slack: ${because}`),
      expect.stringContaining(`ben on slack: ${because}`),
    ]);
    world.troubles.clear();
    await presses('ben', second.onSlack.at(-1), '🔁');
    await until(() => ops.messages.some(({ text }) => /DONE/.test(text)));
  });
});

describe('of two approvals that a request takes', () => {
  test('one person gives one, on however many networks', async () => {
    await meet();
    await world.says('gus', '!clean builder-01');
    await world.reacts('ana', '👍');
    const { onSlack, codes } = asked();
    expect(await presses('ana', onSlack[0])).toEqual([expect.stringMatching(/^ana has approved/)]);
    await reactsOnSlack('ana', onSlack[0], '+1');
    await typesOnIrc('ana', codes[0]);
    expect(await refusals()).toEqual([
      'ana on slack: ana has approved it already',
      'ana on slack: ana has approved it already',
      'ana on irc: ana has approved it already',
    ]);
    expect(await approvals()).toEqual(['ana on matrix']);
    expect(world.farm.isEnabled('builder-01')).toBe(true);
  });

  test('two people give both, each on a network of their own', async () => {
    await meet();
    await world.says('gus', '!clean builder-01');
    await world.reacts('ana', '👍');
    await presses('ben', asked().onSlack[0]);
    expect(await approvals()).toEqual(['ana on matrix', 'ben on slack']);
    expect(world.farm.isEnabled('builder-01')).toBe(false);
  });

  test('neither is the requester’s, who is the same person with another account elsewhere', async () => {
    await meet();
    await world.says('ana', '!clean builder-01');
    await presses('ana', asked().onSlack[0]);
    await typesOnIrc('ana', asked().codes[0]);
    expect(await refusals()).toEqual([
      'ana on slack: ana asked for it, and nobody approves their own request',
      'ana on irc: ana asked for it, and nobody approves their own request',
    ]);
    expect(await approvals()).toEqual([]);
  });
});
