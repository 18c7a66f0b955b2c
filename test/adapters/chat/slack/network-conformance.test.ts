import { slackNetwork } from '../../../../src/adapters/chat/slack/slack-network.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import { networkConformance } from '../../../network-conformance.ts';
import { startSlackDouble } from '../../../slack/slack-double.ts';
import type { SlackMessage } from '../../../slack/workspace.ts';
import { optionsFor } from './connected.ts';

networkConformance('Slack', { shows: 'whole texts' }, async () => {
  const double = await startSlackDouble();
  const ops = double.channel('ops');
  const [ana, guest] = [double.person('ana'), double.person('guest', { is_restricted: true })];
  const own = () => ops.messages.filter(({ user }) => user === double.workspace.bot.id);
  const texts = (messages: readonly SlackMessage[]) => messages.map(({ text }) => unescaped(text));
  const idOf = (id: string) => ops.messages.find(({ ts }) => id.endsWith(ts));
  return {
    network: slackNetwork(optionsFor(double, {}, []), memoryChatMemory()),
    channel: '#ops',
    person: `${double.workspace.team}:${ana.id}`,
    says: (text) => double.says(ana, ops, text),
    read: async () => texts(own()),
    async reacts(id) {
      const message = idOf(id);
      if (message !== undefined) await double.reacts(ana, ops, message, '+1');
    },
    async deletes(id) {
      const message = idOf(id);
      if (message !== undefined) ops.messages.splice(ops.messages.indexOf(message), 1);
    },
    readThread: async (id) =>
      texts(own().filter(({ thread_ts, ts }) => ts !== thread_ts && id.endsWith(`${thread_ts}`))),
    strangerSays: (text) => double.says(guest, ops, text),
    close: () => double.stop(),
  };
});

/** As a client shows it. */
function unescaped(text: string): string {
  return text.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
}
