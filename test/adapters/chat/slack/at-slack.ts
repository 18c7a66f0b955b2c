import { afterEach, beforeEach } from 'vitest';
import type { ChatNetwork, Incoming, Outgoing } from '../../../../src/bot/chat-network.ts';
import {
  type DoubleOptions,
  type SlackDouble,
  startSlackDouble,
} from '../../../slack/slack-double.ts';
import type { Channel, SlackMessage, User } from '../../../slack/workspace.ts';
import { until } from '../../../until.ts';
import { type Connected, type ConnectOptions, connect } from './connected.ts';

export interface AtSlack {
  readonly double: SlackDouble;
  readonly ops: Channel;
  readonly ana: User;
  readonly ben: User;
  /** A bot; it is stopped after the test. */
  connects(options?: ConnectOptions): Promise<Connected>;
  /** What the bot said in #ops, threads and all. */
  said(): readonly SlackMessage[];
}

/** A workspace with #ops, ana and ben for each test. */
export function atSlack(options: () => Promise<DoubleOptions> = async () => ({})): AtSlack {
  let now: Pick<AtSlack, 'double' | 'ops' | 'ana' | 'ben'>;
  let networks: ChatNetwork[] = [];
  beforeEach(async () => {
    networks = [];
    const double = await startSlackDouble(await options());
    now = {
      double,
      ops: double.channel('ops'),
      ana: double.person('ana'),
      ben: double.person('ben'),
    };
  });
  afterEach(async () => {
    await Promise.all(networks.map((network) => network.stop()));
    await now.double.stop();
  });
  return {
    get double() {
      return now.double;
    },
    get ops() {
      return now.ops;
    },
    get ana() {
      return now.ana;
    },
    get ben() {
      return now.ben;
    },
    async connects(connectOptions) {
      const connected = await connect(now.double, connectOptions);
      networks.push(connected.network);
      return connected;
    },
    said: () => now.ops.messages.filter(({ user }) => user === now.double.workspace.bot.id),
  };
}

export function outgoing(text: string, more: Partial<Outgoing> = {}): Outgoing {
  return { channel: '#ops', key: text, lines: [text], as: 'notice', ...more };
}

export function prompt(text: string, more: Partial<Outgoing> = {}): Outgoing {
  return outgoing(text, { as: 'prompt', reactions: ['👍', '👎'], ...more });
}

/** What came, newest last, once there are so many. */
export async function heardBy({ heard }: Connected, count: number): Promise<readonly Incoming[]> {
  await until(() => heard.length >= count);
  return heard;
}
