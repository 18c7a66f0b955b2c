import { BOT } from './bot.ts';
import type { IrcServer } from './inspircd.ts';

/** What `networks.irc` of signalbox.yaml says of a server, for a bot that logs in by password. */
export function ircSettings({ ports, certificates }: IrcServer) {
  return {
    server: '127.0.0.1',
    port: ports.tls,
    'ca-file': certificates.ca,
    login: 'password',
    account: BOT,
    'line-burst': 20,
    'line-interval-ms': 50,
  };
}
