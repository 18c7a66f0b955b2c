import { randomUUID } from 'node:crypto';
import type { ChatNetwork, Incoming, Outgoing } from '../../../src/bot/chat-network.ts';
import { eventually } from './eventually.ts';

type Of<Kind extends Incoming['kind']> = Extract<Incoming, { kind: Kind }>;

/** The network as a bot has it. It answers nothing by itself. */
export interface TestBot {
  readonly network: ChatNetwork;
  readonly taken: readonly Incoming[];
  readonly log: readonly string[];
  /** The next one that matches, among those that nobody waited for yet; `named` so where none comes. */
  takes<Kind extends Incoming['kind']>(
    kind: Kind,
    matches?: (incoming: Of<Kind>) => boolean,
    named?: string,
  ): Promise<Of<Kind>>;
  /** Waits for a line of the log. */
  logs(what: RegExp): Promise<void>;
  say(channel: string, text: string, more?: Partial<Outgoing>): Promise<string>;
}

export interface TestBotOptions {
  readonly patienceMs: number;
  readonly answer?: ((incoming: Incoming, network: ChatNetwork) => Promise<void>) | undefined;
}

/** Starts a network that is made with the log it writes to. */
export async function startTestBot(
  make: (log: (line: string) => void) => ChatNetwork,
  { patienceMs, answer }: TestBotOptions,
): Promise<TestBot> {
  const taken: Incoming[] = [];
  const log: string[] = [];
  let seen = 0;
  const network = make((line) => void log.push(line));
  await network.start(async (incoming) => {
    taken.push(incoming);
    await answer?.(incoming, network);
  });
  return {
    network,
    taken,
    log,
    async takes(kind, matches = () => true, named = `a ${kind}`) {
      const place = () =>
        taken.findIndex((one, at) => at >= seen && one.kind === kind && matches(one as never));
      await eventually(
        () => place() >= 0,
        patienceMs,
        () => `${named} in ${JSON.stringify(taken)} ${log.join('\n')}`,
      );
      seen = place() + 1;
      return taken[seen - 1] as never;
    },
    async logs(what) {
      await eventually(
        () => log.some((line) => what.test(line)),
        patienceMs,
        () => `${what} in ${log.join('\n')}`,
      );
    },
    async say(channel, text, outgoing = {}) {
      const message = { channel, key: randomUUID(), as: 'notice', lines: [text] } as const;
      return (await network.post({ ...message, ...outgoing })).id;
    },
  };
}
