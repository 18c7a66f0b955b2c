import {
  type MatrixOptions,
  matrixNetwork,
} from '../../../src/adapters/chat/matrix/matrix-network.ts';
import type { ChatMemory } from '../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { type TestBot as AnyBot, startTestBot, type TestBotOptions } from '../program/test-bot.ts';

export interface TestBot extends AnyBot {
  stop(): Promise<void>;
}

interface Settings extends Partial<Omit<MatrixOptions, 'url'>> {
  readonly url: string;
  readonly token: string;
}

export interface BotOptions extends Settings {
  readonly memory?: ChatMemory;
  readonly answer?: TestBotOptions['answer'];
}

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
  const bot = await startTestBot(
    (log) =>
      matrixNetwork(matrixOptions({ url, token, ...more }, log), memory ?? memoryChatMemory()),
    { patienceMs: PATIENCE_MS, answer },
  );
  return { ...bot, stop: () => bot.network.stop() };
}
