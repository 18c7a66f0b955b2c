import { setTimeout as delay } from 'node:timers/promises';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';
import type { ChatNetwork, Incoming } from '../../../src/bot/chat-network.ts';
import { BOT, startBot, type TestBot } from './bot.ts';
import { type IrcServer, startIrcServer } from './inspircd.ts';
import type { Person } from './person.ts';

let irc: IrcServer;
let bot: TestBot;

/** Near what this server bears of one client: ten lines. It looks once a second, and takes four off then. */
const PACE = { burst: 5, everyMs: 300 };
/** What a bot that goes by its own clock alone would take for time in which the server took lines off. */
const STALLED_MS = 3_000;

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
});
afterAll(() => irc?.close());
beforeEach(async () => {
  bot = await startBot(irc, { pace: PACE }, answer);
  await bot.say('#ops', 'here');
});
afterEach(() => bot?.network.stop());

async function joins(nick: string): Promise<Person> {
  const person = await irc.connect(nick, ['#ops']);
  onTestFinished(() => person.leave());
  return person;
}

describe('200 commands at once', () => {
  it('cost no connection, are answered in part and declined once, and hold up no question', async () => {
    const kim = await joins('kim');
    const ben = await joins('ben');
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
    expect(tookMs).toBeLessThan(30_000);
    expect(bot.log).toEqual([]);
    const order = ben.saidBy(BOT, '#ops');
    const place = (what: RegExp) => order.findIndex((text) => what.test(text));
    expect(place(/wants an approval/)).toBeLessThan(place(/answer to !approve/));
    expect(place(/answer to !approve/)).toBeLessThan(place(/more were not answered/));
  });
});

describe('a server that stalls', () => {
  it('finds no more in the end than it bears, and passes all of it on', async () => {
    const ben = await joins('ben');
    const say = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => bot.say('#ops', `line ${from + n}`));
    await Promise.all(say(0, PACE.burst));
    irc.freeze();
    const rest = say(PACE.burst, 20);
    await delay(STALLED_MS);
    irc.thaw();
    await Promise.all(rest);
    expect(bot.log).toEqual([]);
    await ben.hears(/line 19/);
    expect(ben.saidBy(BOT, '#ops')).toEqual(Array.from({ length: 20 }, (_, n) => `line ${n}`));
  });
});
