import type { IrcOptions } from './irc-network.ts';
import { openLink, serverName } from './link.ts';
import { readCredentials } from './login.ts';
import { otherNick } from './other-nick.ts';

/** Connects, logs in and leaves again, under another nick so that a bot that runs keeps its own. Throws a Failure. */
export async function checkIrc(options: IrcOptions, signal: AbortSignal): Promise<string> {
  const { server, login, caFile, secrets, nick, realName } = options;
  const ignore = () => undefined;
  const link = await openLink({
    ...server,
    nick: otherNick(nick, 1),
    realName,
    credentials: await readCredentials(login, caFile, secrets, signal),
    hear: ignore,
    hearPrivmsg: ignore,
    report: ignore,
    signal,
  });
  const vouches = link.can('account-tag')
    ? 'says who sends a message (account-tag)'
    : 'does not say who sends a message (no account-tag): read-only there';
  await link.leave();
  return `${serverName(server)} let us in by ${login.kind} and ${vouches}`;
}
