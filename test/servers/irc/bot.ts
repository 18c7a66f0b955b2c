import { type IrcOptions, ircNetwork } from '../../../src/adapters/chat/irc/irc-network.ts';
import type { ChatNetwork, Incoming, Outgoing } from '../../../src/bot/chat-network.ts';
import { eventually } from '../program/eventually.ts';
import { type IrcServer, PASSWORD } from './inspircd.ts';

type Message = Extract<Incoming, { kind: 'message' }>;

/** The network as a bot has it. It answers nothing by itself. */
export interface TestBot {
  readonly network: ChatNetwork;
  readonly taken: readonly Incoming[];
  readonly log: readonly string[];
  /** The next message that matches, among those that nobody waited for yet. */
  takes(what: RegExp): Promise<Message>;
  /** Waits for a line of the log. */
  logs(what: RegExp): Promise<void>;
  say(channel: string, text: string, more?: Partial<Outgoing>): Promise<string>;
}

export const BOT = 'signalbox';
const QUICK = { burst: 20, everyMs: 20 };

export async function startBot(
  irc: IrcServer,
  more: Partial<IrcOptions> = {},
  answer: (incoming: Incoming, network: ChatNetwork) => Promise<void> = async () => undefined,
): Promise<TestBot> {
  const taken: Incoming[] = [];
  const log: string[] = [];
  let seen = 0;
  let count = 0;
  const network = ircNetworkFor(irc, (line) => void log.push(line), more);
  await network.start(async (incoming) => {
    taken.push(incoming);
    await answer(incoming, network);
  });
  const texts = () => taken.map((one) => (one.kind === 'message' ? one.text : ''));
  return {
    network,
    taken,
    log,
    async takes(what) {
      const next = () => texts().findIndex((text, place) => place >= seen && what.test(text));
      await eventually(
        () => next() >= 0,
        40_000,
        () => `${what} in ${JSON.stringify(taken)} ${log}`,
      );
      seen = next() + 1;
      return taken[seen - 1] as Message;
    },
    async logs(what) {
      await eventually(
        () => log.some((line) => what.test(line)),
        40_000,
        () => `${what} in ${log.join('\n')}`,
      );
    },
    async say(channel, text, outgoing = {}) {
      const message = { channel, key: `said ${++count}`, as: 'notice', lines: [text] } as const;
      return (await network.post({ ...message, ...outgoing })).id;
    },
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
