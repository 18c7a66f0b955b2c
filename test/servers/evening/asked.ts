import { BOT } from '../irc/bot.ts';
import type { Person } from '../irc/person.ts';
import { CHANNEL, type EveningSite } from './evening-site.ts';

export interface Asked {
  readonly op: string;
  /** Of the plan. */
  readonly code: string;
}

/** Somebody asks for something that needs an approval; settles once the channel was told how to give it. */
export async function asked(
  { onlooker }: EveningSite,
  person: Person,
  command: string,
): Promise<Asked> {
  person.say(CHANNEL, command);
  const line = await onlooker.hears(/!approve op-\w+ [0-9a-f]{4}/);
  const [, op = '', code = ''] = /!approve (op-\w+) ([0-9a-f]{4})/.exec(line) ?? [];
  return { op, code };
}

/** What the bot says next in the channel after somebody said that. */
export async function answered(
  { onlooker }: EveningSite,
  person: Person,
  text: string,
): Promise<string> {
  person.say(CHANNEL, text);
  await onlooker.hears(new RegExp(`^:${escaped(person.nick)}!\\S+ PRIVMSG ${CHANNEL} :`));
  const line = await onlooker.hears(new RegExp(`^:${BOT}!\\S+ PRIVMSG ${CHANNEL} :`));
  return line.replace(/^.*? PRIVMSG \S+ :/, '');
}

function escaped(nick: string): string {
  return nick.replaceAll(/[|[\]\\^{}]/g, '\\$&');
}
