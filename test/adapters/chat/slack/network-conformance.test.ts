import { slackNetwork } from '../../../../src/adapters/chat/slack/slack-network.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import { networkConformance } from '../../../network-conformance.ts';
import { readAs } from '../../../slack/block-schema.ts';
import { startSlackDouble } from '../../../slack/slack-double.ts';
import { until } from '../../../until.ts';
import { optionsFor } from './connected.ts';

networkConformance('The double of Slack', { shows: 'whole texts' }, async () => {
  const log: string[] = [];
  const double = await startSlackDouble();
  const ops = double.channel('ops');
  const ana = double.person('ana');
  const eve = double.person('eve', { team_id: 'T0ELSE', is_stranger: true });
  const own = () => ops.messages.filter(({ user }) => user === double.workspace.bot.id);
  const find = (id: string) => {
    const found = own().find(({ ts }) => id === `${ops.id}/${ts}`);
    if (found === undefined) throw new Error(`the bot said nothing as ${id}`);
    return found;
  };
  return {
    network: slackNetwork(optionsFor(double, { awayMs: 1_000 }, log), memoryChatMemory()),
    channel: '#ops',
    person: `${double.workspace.team}:${ana.id}`,
    says: (text) => double.says(ana, ops, text),
    read: async () => own().map(({ blocks }) => readAs(blocks)),
    reacts: (id, emoji) => double.reacts(ana, ops, find(id), emoji === '👍' ? '+1' : '-1'),
    readThread: async (id) =>
      own().flatMap(({ thread_ts, blocks }) => (thread_ts === find(id).ts ? [readAs(blocks)] : [])),
    async deletes(id) {
      ops.messages.splice(ops.messages.indexOf(find(id)), 1);
    },
    strangerSays: (text) => double.says(eve, ops, text),
    async goesAway() {
      double.takesSockets(false);
      await until(() => log.some((line) => line.startsWith('the connection ended')));
    },
    comesBack: async () => double.takesSockets(true),
    close: () => double.stop(),
  };
});
