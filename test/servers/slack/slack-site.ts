import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { PATH } from '../../../src/adapters/chat/slack/receive-http.ts';
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
import { type ChattingSite, startChatting } from '../evening/chatting-site.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { replaceSettings } from '../program/replace-settings.ts';
import { type Ran, run } from '../program/signalbox.ts';

const SECRETS = {
  SIGNALBOX_SECRET_SLACK_BOT_TOKEN: BOT_TOKEN,
  SIGNALBOX_SECRET_SLACK_APP_TOKEN: APP_TOKEN,
  SIGNALBOX_SECRET_SLACK_SIGNING_SECRET: SIGNING_SECRET,
};

/** A team on Slack, with the bot and a worker. */
export interface SlackSite extends Omit<ChattingSite, 'start'> {
  readonly double: SlackDouble;
  readonly ops: Channel;
  readonly people: Readonly<Record<'ana' | 'ben' | 'cyd' | 'kim', User>>;
  /** What the bot said, as people read it. */
  read(): readonly string[];
  /** Settles with the first message of the bot that people read so, or the nth, once there is one. */
  reads(what: RegExp, nth?: number): Promise<SlackMessage>;
  /** What happened in each operation, oldest first. */
  operations(): Promise<readonly (readonly string[])[]>;
  /** The program's own command. */
  run(...args: readonly string[]): Promise<Ran>;
}

/** By requests in the place of a socket, where Slack can reach the bot. */
export async function startSlackSite(way: 'socket' | 'http' = 'socket'): Promise<SlackSite> {
  const listen = `127.0.0.1:${await freePort()}`;
  const requests = way === 'http' ? { requestUrl: `http://${listen}${PATH}` } : {};
  const [double, site] = await Promise.all([startSlackDouble(requests), startChatting()]);
  const ops = double.channel('ops');
  const people = {
    ana: double.person('ana'),
    ben: double.person('ben'),
    cyd: double.person('cyd'),
    kim: double.person('kim'),
  };
  await configure(site.configPath, {
    double,
    people,
    receiving: way === 'http' ? { mode: way, listen } : { mode: way },
  });
  await Promise.all([site.start('bot', SECRETS), site.start('worker', SECRETS)]);
  await eventually(
    way === 'http' ? () => isListening(double) : () => double.deliveries.sockets.size > 0,
    PATIENCE_MS,
    () => 'the bot connects',
  );
  const said = () => ops.messages.filter(({ user }) => user === double.workspace.bot.id);
  const read = () => said().map(({ blocks }) => readAs(blocks));
  return {
    ...site,
    double,
    ops,
    people,
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
    async operations() {
      const refs = await site.journal.recent(100);
      return Promise.all(refs.toReversed().map(({ op }) => site.kinds(op)));
    },
    run: (...args) => run(args, { cwd: site.cwd, env: { ...site.env, ...SECRETS } }),
    async close() {
      await site.close();
      await double.stop();
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
  configPath: string,
  { double, people, receiving }: Pick<SlackSite, 'double' | 'people'> & { receiving: object },
): Promise<void> {
  const { team } = double.workspace;
  const slack = {
    team,
    ...receiving,
    'api-url': double.apiUrl,
    'post-interval-ms': 20,
    'edit-interval-ms': 50,
  };
  await replaceSettings(configPath, () => ({
    networks: { slack },
    channels: [{ network: 'slack', channel: '#ops', watches: ['builders'] }],
    rules: RULES,
  }));
  const accounts = Object.entries(people).map(([name, { id }]) => [
    name,
    { slack: `${team}:${id}` },
  ]);
  await writeFile(
    join(dirname(configPath), 'people.yaml'),
    stringify({ groups: GROUPS, people: Object.fromEntries(accounts) }),
  );
}
