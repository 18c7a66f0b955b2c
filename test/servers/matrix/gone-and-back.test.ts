import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatMemory } from '../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import type { Incoming } from '../../../src/bot/chat-network.ts';
import { eventually } from '../program/eventually.ts';
import { startMatrixBot, type TestBot } from './bot.ts';
import type { Person } from './person.ts';
import { type Synapse, startSynapse } from './synapse.ts';

const OPS = '#ops:ops.test';
/** More than one answer of a sync brings. */
const MANY = 130;

let synapse: Synapse;
let ana: Person;
let box: Person;
let ops: string;
let memory: ChatMemory;
let bot: TestBot;

type Answer = (incoming: Incoming) => Promise<void>;
const start = (answer: Answer = async () => undefined) =>
  startMatrixBot({ url: synapse.url, token: box.token, channels: [OPS], memory, answer });

beforeAll(async () => {
  synapse = await startSynapse();
  [ana, box] = [await synapse.register('ana'), await synapse.register('signalbox')];
  ops = await ana.makesRoom({ alias: 'ops', invite: [box.id] });
  memory = memoryChatMemory();
  bot = await start();
  await bot.say(OPS, 'here');
});
afterAll(async () => {
  await bot?.stop();
  await synapse?.close();
});

const texts = (taken: readonly Incoming[]) =>
  taken.flatMap((one) => (one.kind === 'message' ? one.text : []));

describe('a bot that was away', () => {
  it('hears each thing that was said meanwhile, once and in order, however much it was', async () => {
    await bot.stop();
    const said = Array.from({ length: MANY }, (_, place) => `!command ${place}`);
    for (const text of said) await ana.says(ops, text);
    bot = await start();
    await bot.takes('message', ({ text }) => text === said.at(-1));
    expect(texts(bot.taken)).toEqual(said);
  });

  it('hears nothing again', async () => {
    await bot.stop();
    bot = await start();
    const id = await ana.says(ops, '!new');
    expect((await bot.takes('message')).ref.id).toBe(id);
    expect(texts(bot.taken)).toEqual(['!new']);
  });

  it('hears again what its predecessor had not dealt with', async () => {
    await bot.stop();
    const dying = await start(async () => {
      throw new Error('this bot has not to talk any more');
    });
    await ana.says(ops, '!lost with it');
    await dying.takes('message');
    await dying.stop();
    bot = await start();
    await bot.takes('message', ({ text }) => text === '!lost with it');
    expect(texts(bot.taken)).toEqual(['!lost with it']);
  });

  it('knows which reactions stand, and hears of one that was taken back meanwhile', async () => {
    const question = await bot.say(OPS, 'really?', { as: 'prompt' });
    const first = await ana.reacts(ops, question, '👍');
    await bot.takes('reaction');
    await bot.stop();
    await ana.redacts(ops, first);
    const second = await ana.reacts(ops, question, '👎');
    bot = await start();
    expect(await bot.takes('reaction')).toMatchObject({
      change: 'removed',
      emoji: '👍',
      on: { id: question },
    });
    expect(await bot.takes('reaction')).toMatchObject({ change: 'added', ref: { id: second } });
    const standing = await bot.network.reactionsOn?.({ channel: OPS, id: question });
    expect(standing).toMatchObject([{ ref: { id: second }, emoji: '👎' }]);
  });
});

describe('a homeserver that was killed and is back', () => {
  it('hears that the bot is back before anything else, and then what was to be said', async () => {
    await bot.stop();
    const now = await start(async (incoming) => {
      if (incoming.kind === 'returned') await now.say(OPS, 'back');
    });
    bot = now;
    await bot.say(OPS, 'before');
    await synapse.kill();
    await bot.logs(/there is no connection/);
    const reply = bot.say(OPS, 'an answer', { as: 'reply' });
    const notice = bot.say(OPS, 'a notice');
    await expect(notice).rejects.toMatchObject({ code: 'matrix.away', effect: 'none' });
    await synapse.restart();
    await reply;
    await bot.takes('returned', ({ awayMs, heardAll }) => awayMs > 0 && heardAll === true);
    await ana.says(ops, '!still here');
    await bot.takes('message', ({ text }) => text === '!still here');
    const said = (await ana.seen(ops)).filter(({ sender }) => sender === box.id);
    expect(said.slice(-3).map(({ content }) => content.body)).toEqual([
      'before',
      'back',
      'an answer',
    ]);
    const tries = bot.log.filter((line) => /there is no connection/.test(line));
    expect(new Set(tries).size).toBe(tries.length);
    expect(bot.log.at(-1)).toMatch(/^connected to 127\.0\.0\.1:\d+$/);
  });

  it('is left alone when it does not take the login, which the log says', async () => {
    const other = await startMatrixBot({ url: synapse.url, token: 'wrong', channels: [OPS] });
    await other.logs(/does not take our access token.*M_UNKNOWN_TOKEN/);
    await other.stop();
    await eventually(() => other.log.length > 0);
  });
});
