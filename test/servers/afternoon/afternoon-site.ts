import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import {
  APP_TOKEN,
  BOT_TOKEN,
  type SlackDouble,
  startSlackDouble,
} from '../../slack/slack-double.ts';
import type { Channel, User } from '../../slack/workspace.ts';
import { type ChattingSite, startChatting } from '../evening/chatting-site.ts';
import { BOT } from '../irc/bot.ts';
import { type IrcServer, PASSWORD, startIrcServer } from '../irc/inspircd.ts';
import { ircSettings } from '../irc/irc-settings.ts';
import type { Person as IrcPerson } from '../irc/person.ts';
import type { Person as MatrixPerson } from '../matrix/person.ts';
import { type Synapse, startSynapse } from '../matrix/synapse.ts';
import { eventually } from '../program/eventually.ts';
import { replaceSettings } from '../program/replace-settings.ts';
import type { SiteProcess } from '../program/start-process.ts';

export const IRC_CHANNEL = '#ops';
const ROOM = '#ops:ops.test';
const SLACK_CHANNEL = 'ops';

/** The same three people on three networks at once, with a store, a bot and a worker between them. */
export interface AfternoonSite extends Omit<ChattingSite, 'start'> {
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
}

export async function startAfternoon(): Promise<AfternoonSite> {
  const [irc, synapse, slack, site] = await Promise.all([
    startIrcServer(),
    startSynapse(),
    startSlackDouble(),
    startChatting(),
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
  await configure(site.configPath, { irc, synapse, slack, onSlack });
  const secrets = {
    SIGNALBOX_SECRET_IRC_PASSWORD: PASSWORD,
    SIGNALBOX_SECRET_MATRIX_TOKEN: box.token,
    SIGNALBOX_SECRET_SLACK_BOT_TOKEN: BOT_TOKEN,
    SIGNALBOX_SECRET_SLACK_APP_TOKEN: APP_TOKEN,
  };
  const [bot] = await Promise.all([site.start('bot', secrets), site.start('worker', secrets)]);
  await onIrc.onlooker.hears(new RegExp(`^:${BOT}!.* JOIN `));
  await eventually(() => slack.deliveries.sockets.size > 0);
  await joined(onMatrix.ana, room, box.id);
  return {
    ...site,
    irc,
    synapse,
    slack,
    room,
    slackOps,
    onIrc,
    onMatrix,
    onSlack,
    bot,
    startBot: () => site.start('bot', secrets),
    async close() {
      await site.close();
      await Promise.all([irc.close(), synapse.close(), slack.stop()]);
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
  const watches = ['builders'];
  await replaceSettings(configPath, () => ({
    networks: settingsOf(networks),
    channels: [
      { network: 'irc', channel: IRC_CHANNEL, watches },
      { network: 'matrix', channel: ROOM, watches },
      { network: 'slack', channel: `#${SLACK_CHANNEL}`, watches },
    ],
  }));
  await writeFile(join(configPath, '..', 'people.yaml'), stringify(peopleOf(networks)));
}

function settingsOf({ irc, synapse, slack }: Networks) {
  return {
    irc: ircSettings(irc),
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
