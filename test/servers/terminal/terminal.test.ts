import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { startFarm } from '../../../src/lab/farm.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { knowFarm } from '../program/lab-site.ts';
import { realRedis } from '../program/real-redis.ts';
import { run, type Signalbox, type SignalboxOptions, signalbox } from '../program/signalbox.ts';
import { DAEMON, isRoot, NOBODY, runAs } from './unix-users.ts';

const own = userInfo().username;
/** Everybody may come into it, as into /run/signalbox. */
const folder = mkdtempSync('/tmp/sbt-');
const socket = join(folder, 'socket');
const cleanUps: (() => Promise<unknown>)[] = [];
let site: SignalboxOptions;
let peopleFile = '';
let bot: Signalbox;

/** Ana comes from cron as `daemon`, ben from a terminal as `nobody`; ben has the bot's console, too. */
async function configure(path: string, people: string): Promise<void> {
  const settings = parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  settings.networks = { terminal: { socket } };
  settings['break-glass'] = {
    name: 'emergency',
    holders: { ana: { terminal: 'daemon' }, ben: { terminal: 'nobody' } },
    allow: ['lock'],
    on: { pools: ['builders'] },
  };
  await writeFile(path, stringify(settings));
  await writeFile(
    people,
    stringify({
      people: {
        ana: { terminal: 'daemon' },
        ben: { terminal: 'nobody', console: own },
      },
      groups: { 'sysadmin-builders': ['ana', 'ben'] },
    }),
  );
}

beforeAll(async () => {
  chmodSync(folder, 0o755);
  const [redis, farm] = await Promise.all([realRedis(), startFarm()]);
  cleanUps.push(
    () => redis.close(),
    () => farm.close(),
  );
  peopleFile = join(farm.folder, 'people.yaml');
  await configure(farm.configPath, peopleFile);
  site = { cwd: farm.folder, env: { ...farm.environment, REDIS_URL: redis.url } };
  await knowFarm({ farm, redis });
  bot = signalbox(['start'], site);
  cleanUps.unshift(() => bot.clear());
  await bot.prints(/is up, with/, PATIENCE_MS);
});

afterAll(async () => {
  for (const cleanUp of cleanUps) await cleanUp();
  rmSync(folder, { recursive: true, force: true });
});

describe('a command from a terminal', () => {
  it('comes from the Unix user whose process asks, and says what the channel would', async () => {
    expect(await run(['run', '!whoami'], site)).toMatchObject({
      code: 0,
      out: `${own}: nobody in people.yaml has terminal "${own}". Add terminal: "${own}" to a person in people.yaml.\n`,
    });
    expect(readdirSync(join(folder, 'proofs'))).toEqual([]);
  });

  it('that is refused ends with 1, and one that there is not with 2', async () => {
    expect(await run(['run', 'reimage builder-08'], site)).toMatchObject({
      code: 1,
      out: expect.stringContaining('nobody in people.yaml has terminal'),
    });
    expect(await run(['run', 'reimge builder-08'], site)).toMatchObject({
      code: 2,
      out: expect.stringMatching(/reimage/),
    });
    expect(await run(['run', '12'], site)).toMatchObject({ code: 2 });
  });

  it('ends with 3 and what to do where no bot runs', async () => {
    const elsewhere = join(folder, 'nobody-listens');
    const ran = await run(['run', '--socket', elsewhere, '!ops'], site);
    expect(ran).toMatchObject({ code: 3, out: '' });
    expect(ran.err).toMatch(
      /^signalbox: No bot takes commands here: there is no socket .*nobody-listens\. Start it with signalbox start/,
    );
  });

  it.runIf(isRoot)('of two users is of two people, and neither passes for the other', async () => {
    const [ana, ben] = await Promise.all([
      runAs(DAEMON, socket, '!whoami'),
      runAs(NOBODY, socket, '!whoami'),
    ]);
    expect(ana).toEqual({
      code: 0,
      out: 'daemon: on terminal you are ana, in sysadmin-builders\n',
      err: '',
    });
    expect(ben).toEqual({
      code: 0,
      out: 'nobody: on terminal you are ben, in sysadmin-builders\n',
      err: '',
    });
  });

  it('links the user to a person with a code from elsewhere, which counts from then on and is in the audit', async () => {
    bot.type('!identity link terminal');
    await bot.prints(/!identity code \S+/);
    const [, code = ''] = /!identity code (\S+)/.exec(bot.out()) ?? [];
    const typed = await run(['identity', 'code', code], site);
    expect(typed).toMatchObject({ code: 0, out: expect.stringContaining('!identity confirm') });
    bot.type(`!identity confirm ${own}`);
    await bot.prints(new RegExp(`terminal ${own} is ben from now on, until `));
    expect(await run(['run', '!whoami'], site)).toMatchObject({
      code: 0,
      out: `${own}: on terminal you are ben, in sysadmin-builders\n`,
    });
    const { out } = await run(['audit', 'export', '--person', 'ben'], site);
    expect(out).toMatch(
      new RegExp(`"linked","person":"ben","network":"terminal","account":"${own}"`),
    );
    expect(await run(['identity', 'unlink', 'terminal'], site)).toEqual({
      code: 0,
      out: `${own}: terminal ${own} is nobody's from now on\n`,
      err: '',
    });
  });

  it.runIf(isRoot)('may ask and wait for the end, and never approve', async () => {
    const waiting = runAs(DAEMON, socket, 'reimage builder-08', '--wait');
    await bot.prints(/!approve op-\w+ \w+/);
    const [, op, code] = /!approve (op-\w+) (\w+)/.exec(bot.out()) ?? [];
    const approved = await runAs(NOBODY, socket, `!approve ${op} ${code}`);
    expect(approved.code).toBe(1);
    expect(approved.out).toBe(
      'nobody approves from terminal; approving in staging takes an account. Approve it on console.\n',
    );
    bot.type(`!approve ${op} ${code}`);
    const ana = await waiting;
    expect(ana.out).toMatch(/^ana: op-\w+ reimage builder-08/);
    expect(ana.out).toContain(`${op} approved by ben`);
    expect(ana.out).toMatch(new RegExp(`${op} DONE in [^\n]+`));
    expect(ana.code).toBe(0);
  });

  it.runIf(isRoot)(
    'does not wait unless it is told to, and fails when it waited for what failed',
    async () => {
      const asked = await runAs(DAEMON, socket, 'reimage builder-09');
      expect(asked).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^ana: op-\w+ reimage builder-09/),
      });
      const [op] = /op-\w+/.exec(asked.out) ?? [];
      expect(await runAs(DAEMON, socket, `cancel ${op}`)).toMatchObject({ code: 0 });
      expect(await runAs(DAEMON, socket, `cancel ${op}`)).toMatchObject({ code: 1 });
      const waiting = runAs(DAEMON, socket, 'reimage builder-09', '--wait');
      await bot.prints(new RegExp(`${op} CANCELLED[^]*ana: op-\\w+ reimage builder-09`));
      const next = [...bot.out().matchAll(/ana: (op-\w+) reimage builder-09/g)].at(-1)?.[1];
      bot.type(`!cancel ${next}`);
      expect(await waiting).toMatchObject({ code: 1 });
    },
  );

  it.runIf(isRoot)(
    'opens the break-glass with that of another user, while the directory is broken',
    async () => {
      const people = await readFile(peopleFile, 'utf8');
      const open = (user: typeof DAEMON, because = '') =>
        runAs(user, socket, `!glass open ${because}`);
      expect(await open(DAEMON, 'just so')).toMatchObject({
        code: 1,
        out: expect.stringContaining(
          'the directory answers, so break-glass emergency stays closed',
        ),
      });
      await writeFile(peopleFile, 'people: [');
      expect(await open(DAEMON, 'people.yaml is broken')).toMatchObject({ code: 0 });
      expect(await open(DAEMON)).toMatchObject({
        code: 1,
        out: expect.stringContaining('it takes two people'),
      });
      expect(await open(NOBODY)).toMatchObject({ code: 0 });
      await bot.prints(/BREAK-GLASS emergency OPEN until [^\n]* opened by ana and ben/);
      expect(await runAs(DAEMON, socket, '!lock builder-10 it burns')).toEqual({
        code: 0,
        out: 'builder-10 is locked by ana: "it burns"\n',
        err: '',
      });
      await bot.prints(/BREAK-GLASS emergency: ana types lock builder-10 it burns/);
      await writeFile(peopleFile, people);
      await bot.prints(/BREAK-GLASS emergency CLOSED: the directory answers again/);
      expect(await run(['audit', 'verify'], site)).toMatchObject({ code: 0 });
      const exported = await run(['audit', 'export', '--person', 'ben'], site);
      expect(exported.out).toContain('{"ledger":"break-glass","seq":1,');
    },
  );
});
