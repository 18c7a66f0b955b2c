import { type IrcOptions, ircNetwork } from '../../../src/adapters/chat/irc/irc-network.ts';
import type { ChatNetwork, Incoming } from '../../../src/bot/chat-network.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { type TestBot as AnyBot, startTestBot, type TestBotOptions } from '../program/test-bot.ts';
import { type IrcServer, PASSWORD } from './inspircd.ts';

type Message = Extract<Incoming, { kind: 'message' }>;

export interface TestBot extends Omit<AnyBot, 'takes'> {
  /** The next message that matches, among those that nobody waited for yet. */
  takes(what: RegExp): Promise<Message>;
}

export const BOT = 'signalbox';
const QUICK = { burst: 20, everyMs: 20 };

export async function startBot(
  irc: IrcServer,
  more: Partial<IrcOptions> = {},
  answer?: TestBotOptions['answer'],
): Promise<TestBot> {
  const bot = await startTestBot((log) => ircNetworkFor(irc, log, more), {
    patienceMs: PATIENCE_MS,
    answer,
  });
  return {
    ...bot,
    takes: (what) => bot.takes('message', ({ text }) => what.test(text), `${what}`),
  };
}

/** Not connected yet. */
export function ircNetworkFor(
  irc: IrcServer,
  log: (line: string) => void,
  more: Partial<IrcOptions> = {},
): ChatNetwork {
  return ircNetwork({
    server: { host: '127.0.0.1', port: irc.ports.tls },
    nick: BOT,
    realName: 'a bot',
    login: { kind: 'password', account: BOT, passwordFile: undefined },
    caFile: irc.certificates.ca,
    channels: ['#ops', '#farm'],
    pace: QUICK,
    secrets: { read: async () => PASSWORD },
    log,
    ...more,
  });
}
