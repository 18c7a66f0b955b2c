import { describe, expect, test } from 'vitest';
import type { Bot } from '../../src/bot/bot.ts';
import type { Incoming, StandingReaction } from '../../src/bot/chat-network.ts';
import { readOperations } from '../../src/bot/operations.ts';
import { reactedKey } from '../../src/bot/reacted-key.ts';
import { type StandingOptions, startComparingReactions } from '../../src/bot/standing-reactions.ts';
import { partly } from '../partly.ts';
import { until } from '../until.ts';
import { messagesInMemory } from './fixture/network.ts';
import { createWorld, OPS, type World } from './world.ts';

const QUESTION = { channel: OPS, id: '$question' };

function by(name: string, id = `$by-${name}`): StandingReaction {
  return { ref: { channel: OPS, id }, sender: { id: name, shown: name }, emoji: '👍' };
}

/** Gus waits for two approvals; the network shows these reactions under his question. */
async function asking(standing: readonly StandingReaction[]) {
  const world = await createWorld();
  await world.says('gus', '!clean builder-01');
  const [question] = world.network.posted.filter(({ as }) => as === 'prompt');
  const messages = messagesInMemory();
  await messages.remember('matrix', `${question?.key} in ${OPS}`, QUESTION.id);
  const taken: Incoming[] = [];
  let tries = 0;
  const reported: unknown[] = [];
  const journal = world.journal;
  const options: StandingOptions = {
    bot: partly<Bot>({ operations: readOperations(journal), journal, channels: () => [] }),
    network: {
      ...world.network,
      async reactionsOn() {
        tries += 1;
        return standing;
      },
    },
    messages,
    take: async (incoming: Incoming) => void taken.push(incoming),
    report: (problem: unknown) => void reported.push(problem),
  };
  return { world, messages, taken, options, tries: () => tries, reported };
}

/** By a reaction; gives its id. */
async function approvedBy(name: string, world: World): Promise<string> {
  await world.reacts(name, '👍');
  const [op] = await world.operations();
  const ref = op && (await world.journal.find(op));
  const entries = ref ? await world.journal.read(ref) : [];
  const source = entries.findLast(({ event }) => event.kind === 'approved')?.source?.message;
  if (source === undefined) throw new Error('nobody approved');
  return source;
}

/** It does not say what stands under these. */
function withholding(network: StandingOptions['network'], question = QUESTION.id) {
  const hidden = new Set([question]);
  return {
    ...network,
    withheld: hidden,
    async reactionsOn(on: typeof QUESTION) {
      if (hidden.has(on.id)) throw new Error('not in the room');
      return (await network.reactionsOn?.(on)) ?? [];
    },
  };
}

async function compared(options: StandingOptions, tries: () => number, times = 1): Promise<void> {
  const comparing = startComparingReactions(options);
  await until(() => tries() >= times);
  await comparing.stop();
}

describe('reactions that nobody heard', () => {
  test('are brought as if they were pressed now', async () => {
    const { options, taken, tries } = await asking([by('ben')]);
    await compared(options, tries);
    expect(taken).toEqual([{ kind: 'reaction', change: 'added', on: QUESTION, ...by('ben') }]);
  });

  test('take an approval back where the one that gave it is not there any more', async () => {
    const { options, taken, tries, world, messages } = await asking([]);
    const source = await approvedBy('ben', world);
    const reacted = reactedKey({ on: QUESTION.id, emoji: '👍', account: 'ben' });
    await messages.remember('matrix', reacted, source);
    await compared(options, tries);
    await until(() => taken.length > 0);
    expect(taken).toEqual([
      {
        kind: 'reaction',
        change: 'removed',
        ref: { channel: OPS, id: `${source} taken back` },
        sender: { id: 'ben', shown: 'ben' },
        on: QUESTION,
        emoji: '👍',
      },
    ]);
  });

  test('take back no approval that still stands, and none that was typed', async () => {
    const standing: StandingReaction[] = [];
    const { options, taken, tries, world, messages } = await asking(standing);
    await compared(options, tries);
    const source = await approvedBy('ben', world);
    await compared(options, tries, 2);
    expect(taken).toEqual([]);
    const reacted = reactedKey({ on: QUESTION.id, emoji: '👍', account: 'ben' });
    await messages.remember('matrix', reacted, source);
    standing.push(by('ben', source));
    await compared(options, tries, 3);
    expect(taken).toEqual([]);
  });

  test('are asked for again where the network could not say them, sooner when it is back', async () => {
    const world = await asking([by('ben')]);
    const network = withholding(world.options.network);
    const comparing = startComparingReactions({ ...world.options, network });
    await until(() => world.reported.length > 0);
    expect(world.taken).toEqual([]);
    network.withheld.clear();
    comparing.again();
    await until(() => world.taken.length > 0);
    await comparing.stop();
    expect(world.reported).toHaveLength(1);
  });

  test('count on one question though another cannot be asked for', async () => {
    const { options, taken, world, messages, reported, tries } = await asking([by('ben')]);
    await world.says('gus', '!clean builder-02');
    const another = world.network.posted.findLast(({ as }) => as === 'prompt');
    await messages.remember('matrix', `${another?.key} in ${OPS}`, '$another');
    const network = withholding(options.network, '$another');
    await compared({ ...options, network }, tries);
    expect(taken).toMatchObject([{ on: QUESTION }]);
    expect(reported).toHaveLength(1);
  });

  test('take nothing back on a question that cannot be asked for', async () => {
    const { options, taken, world, messages, reported } = await asking([]);
    const source = await approvedBy('ben', world);
    await messages.remember(
      'matrix',
      reactedKey({ on: QUESTION.id, emoji: '👍', account: 'ben' }),
      source,
    );
    await compared({ ...options, network: withholding(options.network) }, () => reported.length);
    expect(taken).toEqual([]);
  });
});
