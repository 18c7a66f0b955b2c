import { BOT } from '../irc/bot.ts';
import { type IrcServer, PASSWORD, startIrcServer } from '../irc/inspircd.ts';
import { ircSettings } from '../irc/irc-settings.ts';
import type { Person } from '../irc/person.ts';
import { BOT_PASSWORD } from '../ldap/people-ldif.ts';
import { replaceSettings } from '../program/replace-settings.ts';
import { type ChattingSite, startChatting } from './chatting-site.ts';
import { type Directories, startDirectories } from './directories.ts';

export const CHANNEL = '#ops';
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
export interface EveningSite extends Omit<ChattingSite, 'start'> {
  readonly irc: IrcServer;
  readonly directories: Directories;
  /** Says nothing and hears everything. */
  readonly onlooker: Person;
  /** At a client, identified to services with the account. */
  person(nick: string, account?: string): Promise<Person>;
}

export async function startEvening(): Promise<EveningSite> {
  const [irc, directories, site] = await Promise.all([
    startIrcServer(),
    startDirectories(),
    startChatting(),
  ]);
  await irc.register(BOT, ...ACCOUNTS);
  await configure(site.configPath, irc, directories);
  const person = (nick: string, account?: string) => irc.connect(nick, [CHANNEL], account);
  const onlooker = await person('onlooker');
  const secrets = {
    SIGNALBOX_SECRET_IRC_PASSWORD: PASSWORD,
    SIGNALBOX_SECRET_DIRECTORY: BOT_PASSWORD,
  };
  await Promise.all([site.start('bot', secrets), site.start('worker', secrets)]);
  await onlooker.hears(new RegExp(`^:${BOT}!.* JOIN `));
  return {
    ...site,
    irc,
    directories,
    onlooker,
    person,
    async close() {
      await site.close();
      await Promise.all([irc.close(), directories.close()]);
    },
  };
}

/** The lab's own configuration, with this site's network and directories in the place of the console and its people. */
function configure(configPath: string, irc: IrcServer, { settings }: Directories): Promise<void> {
  return replaceSettings(configPath, ({ rules }) => ({
    networks: { irc: ircSettings(irc) },
    channels: [{ network: 'irc', channel: CHANNEL, watches: ['builders'] }],
    directory: { ldap: settings },
    rules: [...rules, { allow: ['audit'], to: ['sysadmin-builders'] }],
  }));
}
