import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatNetwork, Incoming } from '../../../src/bot/chat-network.ts';
import { BOT, startBot, type TestBot } from './bot.ts';
import { type IrcServer, startIrcServer } from './inspircd.ts';

let irc: IrcServer;
let bot: TestBot;

/** Near what this server bears of one client: ten lines, and four more each second. */
const PACE = { burst: 6, everyMs: 260 };

async function answer(incoming: Incoming, network: ChatNetwork): Promise<void> {
  if (incoming.kind !== 'message' || !incoming.text.startsWith('!')) return;
  const { ref, sender, text } = incoming;
  const lines = [`${sender.shown}: answer to ${text}`];
  await network.post({
    channel: ref.channel,
    key: `reply to ${ref.id}`,
    as: 'reply',
    lines,
    to: ref,
  });
}

beforeAll(async () => {
  irc = await startIrcServer({ strict: true });
  await irc.register(BOT);
  bot = await startBot(irc, { pace: PACE }, answer);
  await bot.say('#ops', 'here');
});
afterAll(async () => {
  await bot?.network.stop();
  await irc?.close();
});

describe('200 commands at once', () => {
  it('cost no connection, are answered in part and declined once, and hold up no question', async () => {
    const kim = await irc.connect('kim', ['#ops']);
    const ben = await irc.connect('ben', ['#ops']);
    for (let n = 0; n < 200; n += 1) kim.say('#ops', `!status ${n}`);
    await bot.takes(/^!status 199$/);
    const asked = performance.now();
    ben.say('#ops', '!approve op-7k2m c4f1');
    await bot.say('#ops', 'op-7k2m wants an approval', { as: 'prompt' });
    const tookMs = performance.now() - asked;
    await ben.hears(/answer to !approve/);
    await ben.hears(/kim: \d+ more were not answered/);
    const answers = ben.saidBy(BOT, '#ops').filter((text) => text.startsWith('kim: answer'));
    expect(answers.length).toBeLessThan(10);
    expect(tookMs).toBeLessThan(10_000);
    expect(bot.log).toEqual([]);
    const order = ben.saidBy(BOT, '#ops');
    const place = (what: RegExp) => order.findIndex((text) => what.test(text));
    expect(place(/wants an approval/)).toBeLessThan(place(/answer to !approve/));
    expect(place(/answer to !approve/)).toBeLessThan(place(/more were not answered/));
  });
});
