import { expect, test } from 'vitest';
import type { Encryption } from '../../../../src/adapters/chat/matrix/encryption/encryption.ts';
import type { Homeserver } from '../../../../src/adapters/chat/matrix/homeserver.ts';
import { createListener } from '../../../../src/adapters/chat/matrix/listener.ts';
import type { Rooms } from '../../../../src/adapters/chat/matrix/rooms.ts';
import { senderOf } from '../../../../src/adapters/chat/matrix/sender.ts';
import { SyncAnswer } from '../../../../src/adapters/chat/matrix/sync-answer.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import type { Incoming } from '../../../../src/bot/chat-network.ts';
import { partly } from '../../../partly.ts';

const NOW = 1_800_000_000_000;
const PRESSED = {
  event_id: '$approval',
  type: 'm.reaction',
  sender: '@ben:ops.test',
  origin_server_ts: NOW,
  content: { 'm.relates_to': { rel_type: 'm.annotation', event_id: '$question', key: '👍' } },
};
const REDACTION = {
  event_id: '$redaction',
  type: 'm.room.redaction',
  sender: '@eve:ops.test',
  origin_server_ts: NOW,
  content: { redacts: '$approval' },
};

/** What the bot hears of these events, of which those that are encrypted are opened as `inside`. */
async function heardOf(events: readonly object[], inside: typeof REDACTION) {
  const taken: Incoming[] = [];
  const deleted: string[] = [];
  const listener = createListener({
    memory: memoryChatMemory(),
    take: async (incoming) => void taken.push(incoming),
    senderOf: (id) => senderOf(id, ['ops.test']),
    isCall: () => true,
    deleted: (id) => void deleted.push(id),
    now: () => NOW,
    log: () => undefined,
  });
  const rooms = partly<Rooms>({ channelOf: (room) => room, hear: () => undefined });
  const encryption = partly<Encryption>({ decrypt: async () => inside });
  const place = { server: partly<Homeserver>({}), rooms, ownId: '@signalbox:ops.test', encryption };
  for (const event of events) {
    const join = { '!ops:ops.test': { timeline: { events: [event] } } };
    const answer = SyncAnswer.parse({ next_batch: 's', rooms: { join } });
    await listener.takeIn(answer, 's', place);
    await listener.deliver({ rooms });
  }
  return {
    deleted,
    changes: taken.map((one) => (one.kind === 'reaction' ? one.change : one.kind)),
  };
}

test('an approval is taken back by a redaction that the homeserver let through', async () => {
  expect(await heardOf([PRESSED, REDACTION], REDACTION)).toEqual({
    deleted: ['$approval'],
    changes: ['added', 'removed'],
  });
});

test('an approval stays when somebody encrypts a redaction of it, which no homeserver can judge', async () => {
  const encrypted = { ...REDACTION, type: 'm.room.encrypted' };
  expect(await heardOf([PRESSED, encrypted], REDACTION)).toEqual({
    deleted: [],
    changes: ['added'],
  });
});
