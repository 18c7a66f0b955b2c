import type { ChatNetwork } from '../../../bot/chat-network.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import type { Connection } from './connection.ts';
import { awayNow, stoppedBefore } from './slack-failure.ts';
import type { SlackOptions } from './slack-options.ts';

/**
 * Slack: vouches for a member of one workspace. What comes in is kept before Slack is told that it came; what goes out is
 * posted once, and looked for before it is posted again. Its libraries take a while, so only who talks there loads them.
 */
export function slackNetwork(options: SlackOptions, memory: ChatMemory): ChatNetwork {
  const log = (message: string) => options.log(printable(message, 400));
  let connection: Connection | undefined;
  return {
    name: 'slack',
    keeps: true,
    can: { edit: true, threads: true, reactions: true, files: true, formatting: 'markdown' },
    async start(take) {
      const { openConnection } = await import('./connection.ts');
      connection = await openConnection({ ...options, log }, memory, take);
    },
    async post(message) {
      if (connection === undefined) throw stoppedBefore(message.channel);
      return connection.post(message);
    },
    async edit(ref, message) {
      if (connection === undefined) throw stoppedBefore(message.channel);
      return connection.edit(ref, message);
    },
    async reactionsOn(ref) {
      if (connection === undefined) throw awayNow(ref.channel, 'the bot is not connected', 'none');
      return connection.reactionsOn(ref);
    },
    async stop() {
      await connection?.close();
      connection = undefined;
    },
  };
}
