import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { BOT, startBot, type TestBot } from './bot.ts';
import { type IrcServer, startIrcServer } from './inspircd.ts';

let irc: IrcServer;
let bot: TestBot;

beforeAll(async () => {
  irc = await startIrcServer();
  await irc.register(BOT);
  bot = await startBot(irc, {}, async (incoming) => {
    if (incoming.kind === 'returned') await bot.say('#ops', 'back');
  });
});
afterAll(async () => {
  await bot?.network.stop();
  await irc?.close();
});

/** As the narrator does: again and again until it was said, one after the other. */
async function insist(text: string): Promise<void> {
  const key = `about ${text}`;
  await eventually(
    () =>
      bot.say('#ops', text, { key }).then(
        () => true,
        () => false,
      ),
    PATIENCE_MS,
    () => text,
  );
}

describe('a server that was killed and is back', () => {
  it('hears everything that was said meanwhile, once and in order, after the word that we are back', async () => {
    await insist('one');
    await irc.kill();
    const texts = ['two', 'three', 'four'];
    const said = (async () => {
      for (const text of texts) await insist(text);
    })();
    await bot.logs(/connection lost/);
    await bot.logs(/there is no connection/);
    await irc.restart();
    // Before services are there, and the bot with them.
    const kim = await irc.connect('kim', ['#ops']);
    await said;
    await kim.hears(/four/);
    expect(kim.saidBy(BOT, '#ops')).toEqual(['back', ...texts]);
    expect(bot.taken).toMatchObject([{ kind: 'returned' }]);
    const [back] = bot.taken;
    expect(back?.kind === 'returned' && back.awayMs).toBeGreaterThan(1_000);
  });

  it('says why it was left, once, and that it is there again', () => {
    const tries = bot.log.filter((line) => /there is no connection/.test(line));
    expect(new Set(tries).size).toBe(tries.length);
    expect(bot.log.at(-1)).toMatch(/^connected to 127\.0\.0\.1:\d+$/);
  });

  it('has us in all channels again', async () => {
    const lou = await irc.connect('lou', ['#farm']);
    await bot.say('#farm', 'to the farm');
    await lou.hears(/to the farm/);
    lou.say('#farm', '!status');
    expect((await bot.takes(/^!status$/)).ref.channel).toBe('#farm');
  });
});

describe('a connection that nothing comes from any more', () => {
  it('was away since the last line of the server, not only since it was given up', async () => {
    const backAt: number[] = [];
    const more = { nick: 'waiter', channels: ['#silent'], pingPatienceS: 2 };
    // Nobody says anything here, and our own next PING would come later.
    const other = await startBot(irc, more, async () => void backAt.push(performance.now()));
    await other.logs(/connection lost: nothing was heard for 2 s/);
    const lostAt = performance.now();
    await expect.poll(() => backAt).toHaveLength(1);
    await other.network.stop();
    const [back] = other.taken;
    const awayMs = back?.kind === 'returned' ? back.awayMs : 0;
    expect(awayMs - ((backAt[0] ?? 0) - lostAt)).toBeGreaterThan(1_500);
  });
});

describe('a channel that throws us out', () => {
  it('is joined again, and what was to be said there is said', async () => {
    const boss = await irc.connect('boss', ['#new']);
    const other = await startBot(irc, { nick: 'guest', channels: ['#new'] });
    await other.say('#new', 'hello');
    await boss.hears(/hello/);
    boss.send('KICK #new guest :out');
    await boss.hears(/ KICK /);
    await other.say('#new', 'hello again');
    await boss.hears(/hello again/);
    expect(other.log.join()).toContain('not in #new any more: kicked by boss: out');
    await other.network.stop();
  });
});
