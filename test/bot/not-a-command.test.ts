import { expect, test } from 'vitest';
import type { Incoming, Sender } from '../../src/bot/chat-network.ts';
import { createWorld, OPS, type World } from './world.ts';

type Message = Extract<Incoming, { kind: 'message' }>;

let count = 0;
async function brings(world: World, text: string, more: Partial<Message> = {}) {
  const ref = { channel: OPS, id: `brought-${++count}` };
  const sender: Sender = { id: 'ana', shown: 'ana' };
  return world.meanwhile(() =>
    world.network.bring({ kind: 'message', ref, sender, text, ...more }),
  );
}

const audited = async (world: World) =>
  (await world.says('rik', '!audit')).map((line) => line.replace(/^\S+ \S+ /, ''));

test('what the network refuses to be a command is none: its sender is told why, and it is on record', async () => {
  const world = await createWorld();
  const refused = { because: 'an edit is no command', next: 'Type it anew.' };
  expect(await brings(world, '!clean builder-01', { refused })).toEqual([
    'ana: an edit is no command. Type it anew.',
  ]);
  expect(await audited(world)).toEqual([
    'ana was refused on matrix/#ops: clean builder-01 · an edit is no command',
  ]);
  expect(await world.operations()).toEqual([]);
  await brings(world, '!clean builder-01');
  expect(await world.operations()).toHaveLength(1);
});

test('another bot gets no answer, and is on record', async () => {
  const world = await createWorld();
  const refused = { because: 'it is a bot', next: '', quietly: true } as const;
  const sender = { id: undefined, shown: 'ci' };
  expect(await brings(world, '!status', { refused, sender })).toEqual([]);
  expect(await audited(world)).toEqual([
    'somebody called ci was refused on matrix/#ops: status · it is a bot',
  ]);
});

test('before something changes the network is asked anew who it is, but not for talk', async () => {
  const world = await createWorld();
  const unknown = { because: 'your account is deactivated', next: 'Ask for it to be activated.' };
  let asked = 0;
  const anew = async () => {
    asked += 1;
    return { id: undefined, shown: 'ana', unknown };
  };
  const sender = { id: 'ana', shown: 'ana', anew };
  await brings(world, '!ops', { sender });
  expect(asked).toBe(0);
  expect(await brings(world, '!clean builder-01', { sender })).toEqual([
    'ana: your account is deactivated. Ask for it to be activated.',
  ]);
  expect(asked).toBe(1);
  expect(await world.operations()).toEqual([]);
});
