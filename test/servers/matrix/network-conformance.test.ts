import { matrixNetwork } from '../../../src/adapters/chat/matrix/matrix-network.ts';
import { memoryChatMemory } from '../../../src/adapters/simulated/memory-chat-memory.ts';
import { networkConformance } from '../../network-conformance.ts';
import { matrixOptions } from './bot.ts';
import type { SeenEvent } from './person.ts';
import { startSynapse } from './synapse.ts';

const OPS = '#ops:ops.test';

networkConformance('Synapse', { shows: 'whole texts' }, async () => {
  const synapse = await startSynapse();
  const [ana, box] = [await synapse.register('ana'), await synapse.register('signalbox')];
  const ops = await ana.makesRoom({ alias: 'ops', invite: [box.id] });
  const network = matrixNetwork(
    matrixOptions({ url: synapse.url, token: box.token, channels: [OPS] }, () => undefined),
    memoryChatMemory(),
  );
  const own = async () =>
    (await ana.seen(ops)).filter(
      ({ type, sender }) => type === 'm.room.message' && sender === box.id,
    );
  const isEdit = ({ content }: SeenEvent) => content['m.relates_to']?.rel_type === 'm.replace';

  async function read(): Promise<readonly string[]> {
    const events = await own();
    return events
      .filter((event) => !isEdit(event))
      .map(({ event_id, content }) => {
        const edits = events.filter((one) => one.content['m.relates_to']?.event_id === event_id);
        return edits.filter(isEdit).at(-1)?.content['m.new_content']?.body ?? content.body ?? '';
      });
  }

  return {
    network,
    channel: OPS,
    person: ana.id,
    says: (text) => ana.says(ops, text),
    read,
    reacts: (id, emoji) => ana.reacts(ops, id, emoji),
    deletes: (id) => ana.redacts(ops, id),
    readThread: async (id) =>
      (await own()).flatMap(({ content }) => {
        const { rel_type, event_id } = content['m.relates_to'] ?? {};
        return rel_type === 'm.thread' && event_id === id ? [content.body ?? ''] : [];
      }),
    goesAway: () => synapse.kill(),
    comesBack: () => synapse.restart(),
    close: () => synapse.close(),
  };
});
