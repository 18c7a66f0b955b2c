import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { redisHostKeys } from '../../../src/adapters/store/redis-host-keys.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import { startFarm } from '../../../src/lab/farm.ts';
import { knowHostKeys } from '../../../src/lab/know-host-keys.ts';
import { readAs } from '../../slack/block-schema.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  type SlackDouble,
  startSlackDouble,
} from '../../slack/slack-double.ts';
import type { Channel, SlackMessage, User } from '../../slack/workspace.ts';
import { eventually } from '../program/eventually.ts';
import { realRedis } from '../program/real-redis.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';

const SCRIPT = fileURLToPath(new URL('../evening/chatting-process.ts', import.meta.url));
const PATIENCE_MS = 60_000;

/** A team on Slack, with the bot and a worker. */
export interface SlackSite {
  readonly double: SlackDouble;
  readonly ops: Channel;
  readonly people: Readonly<Record<'ana' | 'ben' | 'cyd' | 'kim', User>>;
  readonly bot: SiteProcess;
  /** What the bot said, as people read it. */
  read(): readonly string[];
  /** Settles with the first message of the bot that people read so, once there is one. */
  reads(what: RegExp): Promise<SlackMessage>;
  startBot(): Promise<SiteProcess>;
  close(): Promise<void>;
}

export async function startSlackSite(): Promise<SlackSite> {
  const [double, redis, farm] = await Promise.all([startSlackDouble(), realRedis(), startFarm()]);
  const ops = double.channel('ops');
  const people = {
    ana: double.person('ana'),
    ben: double.person('ben'),
    cyd: double.person('cyd'),
    kim: double.person('kim'),
  };
  await configure(farm.folder, farm.configPath, double, people);
  const connection = new Redis(redis.url).on('error', () => undefined);
  await knowHostKeys(redisHostKeys(connection, { zone: ZoneName.parse('staging') }), farm.fleet);
  const environment = {
    ...farm.environment,
    REDIS_URL: redis.url,
    SIGNALBOX_SECRET_SLACK_BOT_TOKEN: BOT_TOKEN,
    SIGNALBOX_SECRET_SLACK_APP_TOKEN: APP_TOKEN,
  };
  const start = (role: 'bot' | 'worker') =>
    startProcess(role, farm.configPath, environment, SCRIPT);
  const processes = await Promise.all([start('bot'), start('worker')]);
  const [bot] = processes;
  await eventually(
    () => double.deliveries.sockets.size > 0,
    PATIENCE_MS,
    () => 'the bot connects',
  );
  const said = () => ops.messages.filter(({ user }) => user === double.workspace.bot.id);
  const read = () => said().map(({ blocks }) => readAs(blocks));
  return {
    double,
    ops,
    people,
    bot,
    read,
    async reads(what) {
      const find = () => said().find(({ blocks }) => what.test(readAs(blocks)));
      await eventually(
        () => find() !== undefined,
        PATIENCE_MS,
        () => `${what} in ${read().join('\n')}`,
      );
      return find() as SlackMessage;
    },
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
  folder: string,
  configPath: string,
  double: SlackDouble,
  people: SlackSite['people'],
): Promise<void> {
  const { team } = double.workspace;
  const lab = parse(await readFile(configPath, 'utf8'));
  const slack = {
    team,
    mode: 'socket',
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
