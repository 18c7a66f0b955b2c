import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOT, startBot, type TestBot } from './bot.ts';
import { type IrcServer, startIrcServer } from './inspircd.ts';

let irc: IrcServer;
let bot: TestBot;

beforeAll(async () => {
  const without = ['ircv3_accounttag', 'ircv3_echomessage', 'ircv3_labeledresponse', 'ircv3_msgid'];
  irc = await startIrcServer({ without });
  await irc.register(BOT, 'ana');
});
afterAll(async () => {
  await bot?.network.stop();
  await irc?.close();
});

describe('a server that does not say who speaks', () => {
  it('is told so once in each channel, and nobody has rights there', async () => {
    const ana = await irc.connect('ana', ['#ops'], 'ana');
    bot = await startBot(irc);
    await ana.hears(/does not say who sends a message \(it lacks account-tag\)/);
    ana.say('#ops', '!reimage builder-07');
    const { sender, ref } = await bot.takes(/^!reimage/);
    expect(sender.id).toBeUndefined();
    expect(sender.unknown?.because).toContain('account-tag');
    ana.say('#ops', '!reimage builder-07');
    expect((await bot.takes(/^!reimage/)).ref.id).not.toBe(ref.id);
    expect(ana.saidBy(BOT, '#ops').filter((line) => line.includes('account-tag'))).toHaveLength(1);
  });

  it('also echoes nothing, and a PING tells what arrived', async () => {
    const kim = await irc.connect('kim', ['#ops']);
    await bot.say('#ops', '', { lines: ['one', 'two', 'three'] });
    await kim.hears(/three/);
    expect(kim.saidBy(BOT, '#ops')).toEqual(['one', 'two', 'three']);
  });
});
