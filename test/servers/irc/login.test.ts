import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { IrcOptions } from '../../../src/adapters/chat/irc/irc-network.ts';
import irc from '../../../src/adapters/chat/irc.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { BOT, startBot as start, type TestBot } from './bot.ts';
import { type IrcServer, PASSWORD, startIrcServer } from './inspircd.ts';
import type { Person } from './person.ts';

let server: IrcServer;
let kim: Person;
let bots: TestBot[] = [];

beforeAll(async () => {
  server = await startIrcServer();
  await server.register(BOT);
  kim = await server.connect('kim', ['#ops']);
});
afterEach(async () => {
  await Promise.all(bots.map(({ network }) => network.stop()));
  bots = [];
});
afterAll(() => server.close());

async function startBot(more: Partial<IrcOptions> = {}): Promise<TestBot> {
  const bot = await start(server, more);
  bots.push(bot);
  return bot;
}

const WRONG = 'hunter2';
const wrong = { read: async () => WRONG };

describe('a login', () => {
  it('by password is the account of services', async () => {
    const bot = await startBot();
    await bot.say('#ops', 'by password');
    await kim.hears(/by password/);
    expect(kim.raw.at(-1)).toContain(`account=${BOT}`);
    expect(bot.log).toEqual([]);
  });

  it('by a wrong password is no connection, said once however often it is tried', async () => {
    const bot = await startBot({ secrets: wrong });
    await bot.logs(/let nobody in as us/);
    await expect(bot.say('#ops', 'never')).rejects.toMatchObject({ code: 'irc.away' });
    expect(bot.log).toHaveLength(1);
    expect(bot.log[0]).toMatch(
      /^127\.0\.0\.1:\d+ let nobody in as us: .*Compare account and password/,
    );
    expect(bot.log[0]).not.toContain(WRONG);
    expect(kim.heard.join('\n')).not.toContain('never');
  });

  it('by certificate is the account that knows its fingerprint', async () => {
    const { certificate, key } = server.certificates.bot;
    const login = { kind: 'certificate', certificateFile: certificate, keyFile: key } as const;
    const early = await startBot({ login });
    await early.logs(/let nobody in as us/);
    await early.network.stop();
    await server.trustCertificate(BOT);
    const bot = await startBot({ login });
    await bot.say('#ops', 'by certificate');
    await kim.hears(/by certificate/);
    expect(kim.raw.at(-1)).toContain(`account=${BOT}`);
  });

  it('is not even tried at a server whose certificate nobody vouches for', async () => {
    const bot = await startBot({ caFile: server.certificates.bot.certificate });
    await bot.logs(/there is no connection to .*: (?:self-signed|unable to verify|unable to get)/);
  });

  it('that is never answered does not keep the bot from stopping', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const bot = await startBot({ server: { host: '127.0.0.1', port } });
    await once(silent, 'connection');
    const begun = performance.now();
    await bot.network.stop();
    expect(performance.now() - begun).toBeLessThan(20_000);
    silent.close();
  });

  it('that lacks a file is refused at once', async () => {
    const started = startBot({ caFile: '/nowhere/ca.pem' });
    await expect(started).rejects.toMatchObject({
      code: 'irc.file-unreadable',
      message: 'ca-file /nowhere/ca.pem cannot be read: ENOENT',
    });
  });
});

describe('signalbox check', () => {
  const settings = () => ({
    server: '127.0.0.1',
    port: server.ports.tls,
    login: 'password',
    account: BOT,
    'ca-file': server.certificates.ca,
  });
  const environment = (secret: string) => ({
    name: 'example-farm',
    prefix: '!',
    channels: ['#ops'],
    complete: () => ({ start: 0, candidates: [] }),
    dataDir: '/nowhere',
    secrets: { read: async () => secret },
    log: () => undefined,
  });
  const check = (secret: string) =>
    irc.check?.(
      irc.config.parse(settings()),
      environment(secret),
      AbortSignal.timeout(PATIENCE_MS),
    );

  it('tells whether the server says who speaks, and joins nothing', async () => {
    expect(await check(PASSWORD)).toMatch(
      /^127\.0\.0\.1:\d+ let us in by password and says who sends a message \(account-tag\)$/,
    );
    expect(kim.heard.join('\n')).not.toContain(`:${BOT}_!`);
    await expect(check('wrong')).rejects.toMatchObject({ code: 'irc.login-refused' });
  });
});

describe('the nick', () => {
  const sayAs = (bot: TestBot, who: string) =>
    eventually(async () => {
      await bot.say('#ops', `I am ${who}`);
      return kim.saidBy(who, '#ops').length > 0;
    });

  it('of ours that somebody else has is given back by services', async () => {
    const thief = await server.connect(BOT, ['#ops']);
    const bot = await startBot();
    await thief.hears(new RegExp(`^:${BOT}!\\S+ NICK`));
    await sayAs(bot, BOT);
    await thief.leave();
  });

  it('that services do not give back is taken as soon as it is free', async () => {
    const holder = await server.connect('helper', ['#ops']);
    const bot = await startBot({ nick: 'helper' });
    await sayAs(bot, 'helper_');
    expect(kim.saidBy('helper', '#ops')).toEqual([]);
    await holder.leave();
    await sayAs(bot, 'helper');
  });
});
