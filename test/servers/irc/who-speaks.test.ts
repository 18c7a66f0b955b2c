import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BOT, startBot, type TestBot } from './bot.ts';
import { type IrcServer, PASSWORD, startIrcServer } from './inspircd.ts';
import type { Person } from './person.ts';

let irc: IrcServer;
let bot: TestBot;
let ana: Person;

beforeAll(async () => {
  irc = await startIrcServer();
  await irc.register(BOT, 'ana', 'bridge');
  bot = await startBot(irc);
  await bot.say('#ops', 'here');
  ana = await irc.connect('ana', ['#ops'], 'ana');
});
afterAll(async () => {
  await bot?.network.stop();
  await irc?.close();
});

describe('who sent a message', () => {
  it('is the account of services, in a channel and in private', async () => {
    ana.say('#ops', '!status');
    const { sender, ref } = await bot.takes(/^!status$/);
    expect([sender, ref.channel]).toEqual([{ id: 'ana', shown: 'ana' }, '#ops']);
    ana.say(BOT, '!whoami');
    expect(await bot.takes(/^!whoami$/)).toMatchObject({
      sender: { id: 'ana' },
      ref: { channel: 'ana' },
    });
  });

  it('is nobody from the moment on that they log out', async () => {
    ana.say('NickServ', 'LOGOUT');
    await ana.hears(/ 901 /);
    ana.say('#ops', '!approve op-7k2m c4f1');
    const { sender } = await bot.takes(/^!approve/);
    expect(sender).toMatchObject({ id: undefined, shown: 'ana' });
    expect(sender.unknown?.next).toContain('IDENTIFY');
    ana.say('NickServ', `IDENTIFY ana ${PASSWORD}`);
    await ana.hears(/ 900 /);
    ana.say('#ops', '!approve op-7k2m c4f1 again');
    expect((await bot.takes(/again$/)).sender.id).toBe('ana');
  });

  it('is nobody if they only have the nick of an operator', async () => {
    ana.send('NICK ana-away');
    await ana.hears(/ NICK :?ana-away/);
    const thief = await irc.connect('ana', ['#ops']);
    thief.say('#ops', '!reimage builder-07');
    expect((await bot.takes(/^!reimage/)).sender).toMatchObject({ id: undefined, shown: 'ana' });
    await thief.leave();
    ana.say('#ops', '!reimage builder-08');
    expect((await bot.takes(/^!reimage/)).sender).toEqual({ id: 'ana', shown: 'ana-away' });
  });

  it('cannot be claimed with a tag of their own', async () => {
    const kim = await irc.connect('kim', ['#ops']);
    kim.send('@account=ana;+account=ana PRIVMSG #ops :!cancel op-7k2m');
    expect((await bot.takes(/^!cancel/)).sender.id).toBeUndefined();
    await kim.leave();
  });

  it('is the bridge, whatever name it relays', async () => {
    const bridge = await irc.connect('relay', ['#ops'], 'bridge');
    bridge.say('#ops', '!hold op-7k2m');
    expect((await bot.takes(/^!hold/)).sender).toEqual({ id: 'bridge', shown: 'relay' });
    await bridge.leave();
  });

  it('is nobody who comes while services are split off, and whoever was logged in before still is', async () => {
    await irc.killServices();
    const kim = await irc.connect('kim', ['#ops']);
    kim.say('#ops', '!deny op-7k2m');
    expect((await bot.takes(/^!deny/)).sender.id).toBeUndefined();
    ana.say('#ops', '!locks');
    expect((await bot.takes(/^!locks/)).sender.id).toBe('ana');
    await kim.leave();
    await irc.startServices();
  });
});

describe('what is said', () => {
  it('is read as data: a newline ends a line, colours stay for the grammar to refuse, bold goes', async () => {
    ana.sendRaw('PRIVMSG #ops :!lock builder-07 a\nPRIVMSG #ops :b\r\n');
    ana.say('#ops', '!lock \x0304builder-07\x03');
    ana.say('#ops', '\x02!lock\x02 builder-08');
    ana.say('#ops', '!lock a\x01b');
    expect((await bot.takes(/^!lock/)).text).toBe('!lock builder-07 a');
    expect((await bot.takes(/^!lock/)).text).toBe('!lock \x0304builder-07\x03');
    expect((await bot.takes(/^!lock/)).text).toBe('!lock builder-08');
    expect((await bot.takes(/^!lock/)).text).toBe('!lock a\x01b');
  });

  it('is no command as CTCP, as a NOTICE, or in a channel of others, and none of it is answered', async () => {
    const before = ana.heard.length;
    ana.say(BOT, '\x01VERSION\x01');
    ana.say('#ops', '\x01ACTION !status\x01');
    ana.send(`NOTICE ${BOT} :!status notice`);
    ana.send('NOTICE #ops :!status notice');
    ana.say('#ops', 'the end');
    await bot.takes(/^the end$/);
    const texts = bot.taken.map((one) => (one.kind === 'message' ? one.text : ''));
    expect(texts.join()).not.toMatch(/VERSION|ACTION|notice/);
    expect(ana.heard.slice(before).join()).not.toContain(`:${BOT}!`);
  });

  it('may be 60 kB without an end: the bot stays, and the next line is read', async () => {
    const noise = await irc.connect('noise', ['#ops']);
    noise.sendRaw(`PRIVMSG #ops :!status ${'x'.repeat(60_000)}\r\n`);
    ana.say('#ops', 'after the noise');
    await bot.takes(/^after the noise$/);
    for (const one of bot.taken) {
      if (one.kind === 'message') expect(one.text.length).toBeLessThan(512);
    }
    await bot.say('#ops', 'still here');
    expect(bot.log).toEqual([]);
    await noise.leave();
  });

  it('by the bot arrives whole, in lines that fit, and without control characters', async () => {
    const words = Array.from({ length: 200 }, (_, n) => `wörd${n}`).join(' ');
    await bot.say('#ops', `${words} end\x03\r\nQUIT`);
    await ana.hears(/ end QUIT$/);
    const said = ana.saidBy(BOT, '#ops').filter((line) => line.includes('wörd'));
    expect(said.length).toBeGreaterThan(2);
    expect(said.join(' ')).toBe(`${words} end QUIT`);
  });

  it('by the bot comes back with the id that it has there', async () => {
    const id = await bot.say('#ops', 'with an id');
    await ana.hears(/with an id/);
    expect(ana.raw.find((line) => line.includes('with an id'))).toContain(`msgid=${id}`);
    const own = bot.taken.filter(
      (one) => one.kind === 'message' && one.text.includes('with an id'),
    );
    expect(own).toEqual([]);
  });
});
