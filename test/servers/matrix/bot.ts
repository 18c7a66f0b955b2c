import { randomUUID } from 'node:crypto';
import {
  type MatrixOptions,
  matrixNetwork,
} from '../../../src/adapters/chat/matrix/matrix-network.ts';
import type { ChatMemory } from '../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import type { ChatNetwork, Incoming, Outgoing } from '../../../src/bot/chat-network.ts';
import { eventually } from '../program/eventually.ts';

type Of<Kind extends Incoming['kind']> = Extract<Incoming, { kind: Kind }>;

/** The network as a bot has it. It answers nothing by itself. */
export interface TestBot {
  readonly network: ChatNetwork;
  readonly taken: readonly Incoming[];
  readonly log: readonly string[];
  /** The next one that matches, among those that nobody waited for yet. */
  takes<Kind extends Incoming['kind']>(
    kind: Kind,
    matches?: (incoming: Of<Kind>) => boolean,
  ): Promise<Of<Kind>>;
  /** Waits for a line of the log. */
  logs(what: RegExp): Promise<void>;
  say(channel: string, text: string, more?: Partial<Outgoing>): Promise<string>;
  stop(): Promise<void>;
}

interface Settings extends Partial<Omit<MatrixOptions, 'url'>> {
  readonly url: string;
  readonly token: string;
}

export interface BotOptions extends Settings {
  readonly memory?: ChatMemory;
  readonly answer?: (incoming: Incoming, network: ChatNetwork) => Promise<void>;
}

const PATIENCE_MS = 60_000;

/** What the bot is told, unless it is told otherwise. */
export function matrixOptions(
  { url, token, ...more }: Settings,
  log: (line: string) => void,
): MatrixOptions {
  return {
    name: 'signalbox',
    prefix: () => '!',
    url: new URL(url),
    tokenFile: undefined,
    keysFolder: undefined,
    homeservers: undefined,
    inviters: [],
    channels: [],
    secrets: { read: async () => token },
    log,
    ...more,
  };
}

export async function startMatrixBot({
  url,
  token,
  memory,
  answer,
  ...more
}: BotOptions): Promise<TestBot> {
  const taken: Incoming[] = [];
  const log: string[] = [];
  let seen = 0;
  const settings = matrixOptions({ url, token, ...more }, (line) => void log.push(line));
  const network = matrixNetwork(settings, memory ?? memoryChatMemory());
  await network.start(async (incoming) => {
    taken.push(incoming);
    await answer?.(incoming, network);
  });
  return {
    network,
    taken,
    log,
    async takes(kind, matches = () => true) {
      const place = () =>
        taken.findIndex((one, at) => at >= seen && one.kind === kind && matches(one as never));
      await eventually(
        () => place() >= 0,
        PATIENCE_MS,
        () => `a ${kind} in ${JSON.stringify(taken)} ${log.join('\n')}`,
      );
      seen = place() + 1;
      return taken[seen - 1] as never;
    },
    async logs(what) {
      await eventually(
        () => log.some((line) => what.test(line)),
        PATIENCE_MS,
        () => `${what} in ${log.join('\n')}`,
      );
    },
    async say(channel, text, outgoing = {}) {
      const message = { channel, key: randomUUID(), as: 'notice', lines: [text] } as const;
      return (await network.post({ ...message, ...outgoing })).id;
    },
    stop: () => network.stop(),
  };
}
