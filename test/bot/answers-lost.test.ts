import { describe, expect, test } from 'vitest';
import type { Incoming } from '../../src/bot/chat-network.ts';
import { createWorld, OPS, type WorldOptions } from './world.ts';

type Message = Extract<Incoming, { kind: 'message' }>;

let count = 0;

function typed(name: string, text: string, more: Partial<Message> = {}): Message {
  const ref = { channel: OPS, id: `typed-${++count}` };
  return { kind: 'message', ref, sender: { id: name, shown: name }, text, ...more };
}

/** Whether it was dealt with, its answer posted or not. */
async function whileAway(message: Message, options: WorldOptions = { keeps: true }) {
  const world = await createWorld(options);
  world.network.goesAway();
  const became = await world.network.bring(message).then(
    () => 'dealt with',
    ({ code }: { readonly code: string }) => code,
  );
  await world.network.returns(1);
  return { world, became };
}

describe('on a network that keeps what is typed, an answer that could not be posted', () => {
  test.each([
    ['to a question', typed('ana', '!ops'), 'no operation is open'],
    ['to what is no command', typed('ana', '!oops'), /oops/],
    ['that says no to an operation', typed('kim', '!clean builder-01'), /^kim is in community/],
  ])('%s is given when the message is brought again', async (_, message, answer) => {
    const { world, became } = await whileAway(message);
    expect(became).toBe('chat.away');
    const heard = await world.meanwhile(() => world.network.bring(message));
    expect(heard).toEqual([typeof answer === 'string' ? answer : expect.stringMatching(answer)]);
  });

  test('to what changed something is not: it would be done twice', async () => {
    const { world, became } = await whileAway(typed('ana', '!lock builder-01 I look at it'));
    expect(became).toBe('dealt with');
    expect(world.problems).toMatchObject([{ code: 'chat.away' }]);
    expect(await world.says('ana', '!locks')).toEqual([expect.stringMatching(/builder-01/)]);
  });

  test('to what was begun in part is not either: the narrator tells of that', async () => {
    const world = await createWorld({ keeps: true });
    await world.says('ana', '!lock builder-02 I look at it');
    world.network.goesAway();
    await world.network.bring(typed('ana', '!clean builder-[01-02]'));
    expect(await world.operations()).toHaveLength(1);
    await world.network.returns(1);
  });

  test('to what is too old is given up, so that no message is brought for ever', async () => {
    const refused = { because: 'that is too old by now', next: 'Type it again.' };
    expect((await whileAway(typed('ana', '!ops', { refused }))).became).toBe('dealt with');
  });
});

test('where nothing is kept, nobody can bring it again', async () => {
  expect((await whileAway(typed('ana', '!ops'), {})).became).toBe('dealt with');
});

test('an answer of several lines that could not be posted is given whole, not as the same as before', async () => {
  const { world } = await whileAway(typed('kim', '!status'), {});
  const heard = await world.says('kim', '!status');
  expect(heard.length).toBeGreaterThan(1);
  expect(await world.says('kim', '!status')).toEqual(['kim: the same as just now, see above']);
});
