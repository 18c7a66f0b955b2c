import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import {
  APP_TOKEN,
  BOT_TOKEN,
  type SlackDouble,
  startSlackDouble,
} from '../../slack/slack-double.ts';
import type { Channel, User } from '../../slack/workspace.ts';
import { type IrcServer, PASSWORD, startIrcServer } from '../irc/inspircd.ts';
import type { Person as IrcPerson } from '../irc/person.ts';
import type { Person as MatrixPerson } from '../matrix/person.ts';
import { type Synapse, startSynapse } from '../matrix/synapse.ts';
import { eventually } from '../program/eventually.ts';
import { type RealRedis, realRedis } from '../program/real-redis.ts';
import { type SiteProcess, startProcess } from '../program/start-process.ts';

export const IRC_CHANNEL = '#ops';
const ROOM = '#ops:ops.test';
const SLACK_CHANNEL = 'ops';
const BOT = 'signalbox';
const SCRIPT = fileURLToPath(new URL('../evening/chatting-process.ts', import.meta.url));

/** The same three people on three networks at once, with a store, a bot and a worker between them. */
export interface AfternoonSite {
  readonly fleet: Fleet;
  readonly journal: Journal;
  readonly redis: RealRedis;
  readonly irc: IrcServer;
  readonly synapse: Synapse;
  readonly slack: SlackDouble;
  /** The room that ROOM stands for. */
  readonly room: string;
  readonly slackOps: Channel;
  readonly onIrc: Readonly<Record<'ana' | 'onlooker', IrcPerson>>;
  readonly onMatrix: Readonly<Record<'ana' | 'ben' | 'cyd', MatrixPerson>>;
  readonly onSlack: Readonly<Record<'ana' | 'ben' | 'cyd', User>>;
  readonly bot: SiteProcess;
  /** One that stands by. */
  startBot(): Promise<SiteProcess>;
  newestRefusal(): Promise<Refused | undefined>;
  close(): Promise<void>;
}

export async function startAfternoon(): Promise<AfternoonSite> {
  const [irc, synapse, slack, redis, farm] = await Promise.all([
    startIrcServer(),
    startSynapse(),
    startSlackDouble(),
    realRedis(),
    startFarm(),
  ]);
  await irc.register(BOT, 'ana');
  const onMatrix = {
    ana: await synapse.register('ana'),
    ben: await synapse.register('ben'),
    cyd: await synapse.register('cyd'),
  };
  const box = await synapse.register(BOT);
  const invite = [box.id, onMatrix.ben.id, onMatrix.cyd.id];
  const room = await onMatrix.ana.makesRoom({ alias: 'ops', invite });
  await Promise.all([onMatrix.ben.joins(room), onMatrix.cyd.joins(room)]);
  const slackOps = slack.channel(SLACK_CHANNEL);
  const onSlack = { ana: slack.person('ana'), ben: slack.person('ben'), cyd: slack.person('cyd') };
  const onIrc = {
    ana: await irc.connect('ana', [IRC_CHANNEL], 'ana'),
    onlooker: await irc.connect('onlooker', [IRC_CHANNEL]),
  };
  await configure(farm.configPath, { irc, synapse, slack, onSlack });
  const connection = new Redis(redis.url).on('error', () => undefined);
  await knowHostKeys(redisHostKeys(connection, { zone: ZoneName.parse('staging') }), farm.fleet);
  const environment = {
    ...farm.environment,
    REDIS_URL: redis.url,
    SIGNALBOX_SECRET_IRC_PASSWORD: PASSWORD,
    SIGNALBOX_SECRET_MATRIX_TOKEN: box.token,
    SIGNALBOX_SECRET_SLACK_BOT_TOKEN: BOT_TOKEN,
    SIGNALBOX_SECRET_SLACK_APP_TOKEN: APP_TOKEN,
  };
  const started: SiteProcess[] = [];
  const start = async (role: 'bot' | 'worker') => {
    const process = await startProcess(role, farm.configPath, environment, SCRIPT);
    started.push(process);
    return process;
  };
  const [bot] = await Promise.all([start('bot'), start('worker')]);
  await onIrc.onlooker.hears(new RegExp(`^:${BOT}!.* JOIN `));
  await eventually(() => slack.deliveries.sockets.size > 0);
  await joined(onMatrix.ana, room, box.id);
  const refusals = redisRefusals(connection);
  return {
    fleet: farm.fleet,
    journal: redisJournal(connection),
    redis,
    irc,
    synapse,
    slack,
    room,
    slackOps,
    onIrc,
    onMatrix,
    onSlack,
    bot,
    startBot: () => start('bot'),
    async newestRefusal() {
      const [text] = await refusals.newest(1);
      return text === undefined ? undefined : StoredRefusal.parse(JSON.parse(text)).refused;
    },
    async close() {
      await Promise.all(started.map((process) => process.kill()));
      connection.disconnect();
      await Promise.all([irc.close(), synapse.close(), slack.stop(), farm.close(), redis.close()]);
    },
  };
}

async function joined(by: MatrixPerson, room: string, who: string): Promise<void> {
  await eventually(async () => {
    const events = await by.seen(room);
    return events.some(
      ({ type, state_key, content }) =>
        type === 'm.room.member' &&
        state_key === who &&
        (content as { readonly membership?: string }).membership === 'join',
    );
  });
}

type Networks = Pick<AfternoonSite, 'irc' | 'synapse' | 'slack' | 'onSlack'>;

/** The lab's own configuration, on three networks in the place of the console. */
async function configure(configPath: string, networks: Networks): Promise<void> {
  const lab = parse(await readFile(configPath, 'utf8'));
  const watches = ['builders'];
  const site = {
    ...lab,
    networks: settingsOf(networks),
    channels: [
      { network: 'irc', channel: IRC_CHANNEL, watches },
      { network: 'matrix', channel: ROOM, watches },
      { network: 'slack', channel: `#${SLACK_CHANNEL}`, watches },
    ],
  };
  await writeFile(configPath, stringify(site));
  await writeFile(join(configPath, '..', 'people.yaml'), stringify(peopleOf(networks)));
}

function settingsOf({ irc, synapse, slack }: Networks) {
  const { ports, certificates } = irc;
  return {
    irc: {
      server: '127.0.0.1',
      port: ports.tls,
      'ca-file': certificates.ca,
      login: 'password',
      account: BOT,
      'line-burst': 20,
      'line-interval-ms': 50,
    },
    matrix: { homeserver: synapse.url },
    slack: {
      mode: 'socket',
      team: slack.workspace.team,
      'api-url': slack.apiUrl,
      'post-interval-ms': 20,
      'edit-interval-ms': 100,
    },
  };
}

function peopleOf({ slack: { workspace }, onSlack }: Networks) {
  const on = (name: 'ana' | 'ben' | 'cyd') => ({
    irc: name,
    matrix: `@${name}:ops.test`,
    slack: `${workspace.team}:${onSlack[name].id}`,
  });
  return {
    groups: { 'sysadmin-builders': ['ana', 'ben', 'cyd'] },
    people: { ana: on('ana'), ben: on('ben'), cyd: on('cyd') },
  };
}
