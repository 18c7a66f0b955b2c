import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { PATH } from '../../../src/adapters/chat/slack/receive-http.ts';
import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { redisJournal } from '../../../src/adapters/store/redis-journal.ts';
import { redisRefusals } from '../../../src/adapters/store/redis-refusals.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { type Refused, StoredRefusal } from '../../../src/jobs/refusals/refusal-entry.ts';
import { type Farm, startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { freePort } from '../../free-port.ts';
import { readAs } from '../../slack/block-schema.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  SIGNING_SECRET,
  type SlackDouble,
  startSlackDouble,
} from '../../slack/slack-double.ts';
import type { Channel, SlackMessage, User } from '../../slack/workspace.ts';
import { eventually } from '../program/eventually.ts';
import { realRedis } from '../program/real-redis.ts';
import { type Ran, run } from '../program/signalbox.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';

const SCRIPT = fileURLToPath(new URL('../evening/chatting-process.ts', import.meta.url));
const PATIENCE_MS = 60_000;

/** A team on Slack, with the bot and a worker. */
export interface SlackSite {
  readonly fleet: Fleet;
  readonly double: SlackDouble;
  readonly ops: Channel;
  readonly people: Readonly<Record<'ana' | 'ben' | 'cyd' | 'kim', User>>;
  readonly bot: SiteProcess;
  /** What the bot said, as people read it. */
  read(): readonly string[];
  /** Settles with the first message of the bot that people read so, or the nth, once there is one. */
  reads(what: RegExp, nth?: number): Promise<SlackMessage>;
  /** What people were told no to, oldest first. */
  refusals(): Promise<readonly Refused[]>;
  /** Settles with that of them, once it is on record. */
  refused(isThat: (refused: Refused) => boolean): Promise<Refused>;
  /** Operations, and what happened in each. */
  kinds(): Promise<readonly (readonly string[])[]>;
  /** The program's own command. */
  run(...args: readonly string[]): Promise<Ran>;
  startBot(): Promise<SiteProcess>;
  close(): Promise<void>;
}

/** By requests in the place of a socket, where Slack can reach the bot. */
export async function startSlackSite(way: 'socket' | 'http' = 'socket'): Promise<SlackSite> {
  const listen = `127.0.0.1:${await freePort()}`;
  const requests = way === 'http' ? { requestUrl: `http://${listen}${PATH}` } : {};
  const [double, redis, farm] = await Promise.all([
    startSlackDouble(requests),
    realRedis(),
    startFarm(),
  ]);
  const ops = double.channel('ops');
  const people = {
    ana: double.person('ana'),
    ben: double.person('ben'),
    cyd: double.person('cyd'),
    kim: double.person('kim'),
  };
  await configure(farm, {
    double,
    people,
    receiving: way === 'http' ? { mode: way, listen } : { mode: way },
  });
  const connection = new Redis(redis.url).on('error', () => undefined);
  await knowHostKeys(redisHostKeys(connection, { zone: ZoneName.parse('staging') }), farm.fleet);
  const environment = {
    ...farm.environment,
    REDIS_URL: redis.url,
    SIGNALBOX_SECRET_SLACK_BOT_TOKEN: BOT_TOKEN,
    SIGNALBOX_SECRET_SLACK_APP_TOKEN: APP_TOKEN,
    SIGNALBOX_SECRET_SLACK_SIGNING_SECRET: SIGNING_SECRET,
  };
  const start = (role: 'bot' | 'worker') =>
    startProcess(role, farm.configPath, environment, SCRIPT);
  const processes = await Promise.all([start('bot'), start('worker')]);
  const [bot] = processes;
  await eventually(
    way === 'http' ? () => isListening(double) : () => double.deliveries.sockets.size > 0,
    PATIENCE_MS,
    () => 'the bot connects',
  );
  const said = () => ops.messages.filter(({ user }) => user === double.workspace.bot.id);
  const read = () => said().map(({ blocks }) => readAs(blocks));
  const journal = redisJournal(connection);
  const store = redisRefusals(connection);
  const refusals = async () =>
    (await store.newest(100)).map((text) => StoredRefusal.parse(JSON.parse(text)).refused);
  return {
    fleet: farm.fleet,
    double,
    ops,
    people,
    bot,
    read,
    async reads(what, nth = 1) {
      const find = () => said().filter(({ blocks }) => what.test(readAs(blocks)))[nth - 1];
      await eventually(
        () => find() !== undefined,
        PATIENCE_MS,
        () => `${what} in ${read().join('\n')}`,
      );
      return find() as SlackMessage;
    },
    refusals,
    async refused(isThat) {
      let all: readonly Refused[] = [];
      const find = async () => {
        all = await refusals();
        return all.some(isThat);
      };
      await eventually(find, PATIENCE_MS, () => `${isThat} in ${JSON.stringify(all, null, 1)}`);
      return all.find(isThat) as Refused;
    },
    async kinds() {
      const refs = await journal.recent(100);
      const all = await Promise.all(refs.toReversed().map((ref) => journal.read(ref)));
      return all.map((entries) => entries.map(({ event }) => event.kind));
    },
    run: (...args) => run(args, { cwd: farm.folder, env: environment }),
    async startBot() {
      const another = await start('bot');
      processes.push(another);
      return another;
    },
    async close() {
      await Promise.all(processes.map((one) => one.kill()));
      connection.disconnect();
      await Promise.all([double.stop(), farm.close(), redis.close()]);
    },
  };
}

/** Once it knows who it is, it takes what is not for it. */
async function isListening({ deliveries }: SlackDouble): Promise<boolean> {
  return (await deliveries.request('events_api', { type: 'nothing' })).acked;
}

const GROUPS = { 'sysadmin-builders': ['ana', 'ben', 'cyd'], community: ['kim'] };
const RULES = [
  {
    allow: ['reimage'],
    on: { environments: ['staging'], pools: ['builders'] },
    to: ['sysadmin-builders'],
    approvals: { destructive: { count: 2, from: ['sysadmin-builders'] } },
  },
  { allow: ['audit'], to: ['sysadmin-builders'] },
];

/** The lab's own configuration, with Slack in the place of the console. */
async function configure(
  { folder, configPath }: Pick<Farm, 'folder' | 'configPath'>,
  { double, people, receiving }: Pick<SlackSite, 'double' | 'people'> & { receiving: object },
): Promise<void> {
  const { team } = double.workspace;
  const lab = parse(await readFile(configPath, 'utf8'));
  const slack = {
    team,
    ...receiving,
    'api-url': double.apiUrl,
    'post-interval-ms': 20,
    'edit-interval-ms': 50,
  };
  const site = {
    ...lab,
    networks: { slack },
    channels: [{ network: 'slack', channel: '#ops', watches: ['builders'] }],
    rules: RULES,
  };
  const accounts = Object.entries(people).map(([name, { id }]) => [
    name,
    { slack: `${team}:${id}` },
  ]);
  await writeFile(configPath, stringify(site));
  await writeFile(
    join(folder, 'people.yaml'),
    stringify({ groups: GROUPS, people: Object.fromEntries(accounts) }),
  );
}
