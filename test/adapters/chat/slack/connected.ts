import { slackNetwork } from '../../../../src/adapters/chat/slack/slack-network.ts';
import type { SlackOptions, Way } from '../../../../src/adapters/chat/slack/slack-options.ts';
import type { ChatMemory } from '../../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import type { ChatNetwork, Incoming } from '../../../../src/bot/chat-network.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  SIGNING_SECRET,
  type SlackDouble,
} from '../../../slack/slack-double.ts';
import { until } from '../../../until.ts';

export interface Connected {
  readonly network: ChatNetwork;
  /** What the bot was brought, oldest first. */
  readonly heard: readonly Incoming[];
  readonly log: readonly string[];
}

export interface ConnectOptions {
  readonly channels?: readonly string[];
  readonly memory?: ChatMemory;
  readonly way?: Way;
  readonly team?: string;
  readonly pace?: SlackOptions['pace'];
  readonly awayMs?: number;
  /** Instead of only taking it. */
  readonly take?: (incoming: Incoming) => Promise<void>;
}

const SECRETS: Readonly<Record<string, string>> = {
  'slack-bot-token': BOT_TOKEN,
  'slack-app-token': APP_TOKEN,
  'slack-signing-secret': SIGNING_SECRET,
};

/** The driver with a double; it waits for nothing as long as it would for Slack. */
export function optionsFor(
  double: SlackDouble,
  options: ConnectOptions,
  log: string[],
): SlackOptions {
  return {
    name: 'signalbox',
    prefix: () => '!',
    team: options.team ?? double.workspace.team,
    way: options.way ?? { kind: 'socket', appTokenFile: undefined },
    botTokenFile: undefined,
    api: double.apiUrl,
    channels: options.channels ?? ['#ops'],
    pace: options.pace ?? { postEveryMs: 1, editEveryMs: 20 },
    secrets: { read: async (name) => SECRETS[name] ?? '' },
    log: (message) => log.push(message),
    tempo: 0.01,
    ...(options.awayMs !== undefined && { awayMs: options.awayMs }),
  };
}

export async function connect(
  double: SlackDouble,
  options: ConnectOptions = {},
): Promise<Connected> {
  const heard: Incoming[] = [];
  const log: string[] = [];
  const network = slackNetwork(
    optionsFor(double, options, log),
    options.memory ?? memoryChatMemory(),
  );
  await network.start(async (incoming) => {
    heard.push(incoming);
    await options.take?.(incoming);
  });
  if (options.way?.kind !== 'http') await until(() => double.deliveries.sockets.size > 0);
  return { network, heard, log };
}
