import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisRefusals } from '../../../src/adapters/store/redis-refusals.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import type { Journal } from '../../../src/jobs/journal/journal.ts';
import { type Refused, StoredRefusal } from '../../../src/jobs/refusals/refusal-entry.ts';
import { startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { type IrcServer, PASSWORD, startIrcServer } from '../irc/inspircd.ts';
import type { Person } from '../irc/person.ts';
import { BOT_PASSWORD } from '../ldap/people-ldif.ts';
import { type RealRedis, realRedis } from '../program/real-redis.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';
import { type Directories, startDirectories } from './directories.ts';

export const CHANNEL = '#ops';
export const BOT = 'signalbox';
const SCRIPT = fileURLToPath(new URL('chatting-process.ts', import.meta.url));
/** In a filter of LDAP, unless it is escaped, this is ana. */
export const FILTER = '\\61na';
const ACCOUNTS = [
  'ana',
  'ana-phone',
  'ben',
  'cyd',
  'kim',
  'relay',
  'twofold',
  'stranger',
  'eva',
  'eva-home',
  'fay',
  FILTER,
];

/** A site as a team has it: an IRC network with services, two directories, a store, and the bot and a worker between them. */
export interface EveningSite {
  readonly irc: IrcServer;
  readonly directories: Directories;
  readonly redis: RealRedis;
  readonly fleet: Fleet;
  readonly journal: Journal;
  /** The newest that somebody was told no to, as it is on record. */
  newestRefusal(): Promise<Refused | undefined>;
  /** Says nothing and hears everything. */
  readonly onlooker: Person;
  readonly bot: SiteProcess;
  readonly worker: SiteProcess;
  /** At a client, identified to services with the account. */
  person(nick: string, account?: string): Promise<Person>;
  close(): Promise<void>;
}

export async function startEvening(): Promise<EveningSite> {
  const [irc, directories, redis, farm] = await Promise.all([
    startIrcServer(),
    startDirectories(),
    realRedis(),
    startFarm(),
  ]);
  await irc.register(BOT, ...ACCOUNTS);
  await configure(farm.configPath, irc, directories);
  const connection = new Redis(redis.url).on('error', () => undefined);
  await knowHostKeys(redisHostKeys(connection, { zone: ZoneName.parse('staging') }), farm.fleet);
  const refusals = redisRefusals(connection);
  const person = (nick: string, account?: string) => irc.connect(nick, [CHANNEL], account);
  const onlooker = await person('onlooker');
  const environment = {
    ...farm.environment,
    REDIS_URL: redis.url,
    SIGNALBOX_SECRET_IRC_PASSWORD: PASSWORD,
    SIGNALBOX_SECRET_DIRECTORY: BOT_PASSWORD,
  };
  const start = (role: 'bot' | 'worker') =>
    startProcess(role, farm.configPath, environment, SCRIPT);
  const [bot, worker] = await Promise.all([start('bot'), start('worker')]);
  await onlooker.hears(new RegExp(`^:${BOT}!.* JOIN `));
  return {
    irc,
    directories,
    redis,
    fleet: farm.fleet,
    journal: redisJournal(connection),
    async newestRefusal() {
      const [text] = await refusals.newest(1);
      return text === undefined ? undefined : StoredRefusal.parse(JSON.parse(text)).refused;
    },
    onlooker,
    bot,
    worker,
    person,
    async close() {
      await Promise.all([bot.kill(), worker.kill()]);
      connection.disconnect();
      await Promise.all([irc.close(), directories.close(), farm.close(), redis.close()]);
    },
  };
}

/** The lab's own configuration, with this site's network and directories in the place of the console and its people. */
async function configure(
  configPath: string,
  { ports, certificates }: IrcServer,
  { settings }: Directories,
): Promise<void> {
  const lab = parse(await readFile(configPath, 'utf8'));
  const irc = {
    server: '127.0.0.1',
    port: ports.tls,
    'ca-file': certificates.ca,
    login: 'password',
    account: BOT,
    'line-burst': 20,
    'line-interval-ms': 50,
  };
  const site = {
    ...lab,
    networks: { irc },
    channels: [{ network: 'irc', channel: CHANNEL, watches: ['builders'] }],
    directory: { ldap: settings },
    rules: [...lab.rules, { allow: ['audit'], to: ['sysadmin-builders'] }],
  };
  await writeFile(configPath, stringify(site));
}
