import { expect, test } from 'vitest';
import type { Homeserver } from '../../../../src/adapters/chat/matrix/homeserver.ts';
import { createListener } from '../../../../src/adapters/chat/matrix/listener.ts';
import { noEncryption } from '../../../../src/adapters/chat/matrix/matrix-failure.ts';
import type { Rooms } from '../../../../src/adapters/chat/matrix/rooms.ts';
import { senderOf } from '../../../../src/adapters/chat/matrix/sender.ts';
import { SyncAnswer } from '../../../../src/adapters/chat/matrix/sync-answer.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import type { Incoming } from '../../../../src/bot/chat-network.ts';
import { type Random, randomFrom } from '../../../bot/fuzz/random.ts';
import { partly } from '../../../partly.ts';

/** `FUZZ_SEED=7 FUZZ_MESSAGES=100000 vitest run test/adapters/chat/matrix/fuzz` looks elsewhere, and for longer. */
const SEED = Number(process.env.FUZZ_SEED ?? 20261121);
const EVENTS = Number(process.env.FUZZ_MESSAGES ?? 10_000);
const BOT = '@signalbox:ops.test';
const NONE = noEncryption('keys-folder is not set');
const NOW = 1_800_000_000_000;

const PEOPLE = ['@ana:ops.test', '@ben:ops.test'];
const SENDERS = [
  ...PEOPLE,
  BOT,
  '@ana:evil.test',
  '@аna:ops.test',
  '@ana:ops.test:1',
  '@ana:ops.test\n',
  'ana',
  '',
  '__proto__',
  7,
  null,
];
const TYPES = [
  'm.room.message',
  'm.reaction',
  'm.room.redaction',
  'm.room.member',
  'm.room.encrypted',
  'm.room.tombstone',
  'constructor',
  undefined,
];
const TEXTS = [
  '!status',
  '!reimage builder-07',
  'hello',
  '',
  '> x\n\n!status',
  '!\u202e',
  7,
  null,
  {},
];
const KEYS = ['👍', '👍🏽', '👎️', '', 'x'.repeat(10_000), '\ud800', 7, null];

/** One event, and whether it is a command that has to be heard. */
interface Made {
  readonly event: unknown;
  readonly command?: string;
}

function makeEvent(random: Random, ids: string[]): Made {
  const isOld = ids.length > 0 && random.below(10) === 0;
  const event_id = isOld ? random.of(ids) : `$${ids.length}`;
  if (isOld) return { event: { ...command(event_id, '!again'), sender: random.of(SENDERS) } };
  ids.push(event_id);
  if (random.below(4) === 0) return { event: command(event_id, '!status'), command: event_id };
  if (random.below(8) === 0) return { event: takenBack(event_id, random.of(ids.slice(-20))) };
  if (random.below(8) === 0) return { event: pressed(event_id, random.of(PEOPLE)) };
  return { event: odd(random, event_id, ids) };
}

function pressed(event_id: string, sender: string) {
  const content = {
    'm.relates_to': { rel_type: 'm.annotation', event_id: '$question', key: '👍' },
  };
  return { event_id, type: 'm.reaction', sender, origin_server_ts: NOW, content };
}

function takenBack(event_id: string, redacts: string) {
  return { ...pressed(event_id, '@moderator:ops.test'), type: 'm.room.redaction', redacts };
}

function command(event_id: string, body: string) {
  const content = { msgtype: 'm.text', body };
  return { event_id, type: 'm.room.message', sender: PEOPLE[0], origin_server_ts: NOW, content };
}

function odd(random: Random, event_id: string, ids: readonly string[]): unknown {
  if (random.below(20) === 0) return random.of([null, 7, 'x', [], {}]);
  const content = {
    msgtype: random.of(['m.text', 'm.notice', 'm.image', 7]),
    body: random.of(TEXTS),
    redacts: random.of([undefined, random.of(ids), 7]),
    'm.new_content': random.of([undefined, null, { msgtype: 'm.text', body: random.of(TEXTS) }]),
    'm.relates_to': random.of([
      undefined,
      null,
      'x',
      { rel_type: 'm.replace', event_id: random.of(ids) },
      { rel_type: 'm.annotation', event_id: random.of(ids), key: random.of(KEYS) },
      {
        rel_type: 'm.thread',
        event_id: random.of(ids),
        'm.in_reply_to': random.of([7, { event_id: '$x' }]),
      },
    ]),
  };
  return {
    event_id: random.below(30) === 0 ? random.of([7, '', null]) : event_id,
    type: random.of(TYPES),
    sender: random.of(SENDERS),
    origin_server_ts: random.of([NOW, 0, -1, Number.MAX_SAFE_INTEGER, 'x']),
    content: random.below(20) === 0 ? random.of([null, [], 'x']) : content,
    redacts: random.of([undefined, random.of(ids), 7]),
    state_key: random.of([undefined, undefined, undefined, '', 7]),
    unsigned: random.of([undefined, null, { age: 5 }, { age: 'x' }, { age: 3_600_000 }]),
  };
}

test('of ten thousand events of every form each command is heard once, and nobody speaks for somebody else', async () => {
  const random = randomFrom(SEED);
  const taken: Incoming[] = [];
  const ids: string[] = [];
  const wanted: string[] = [];
  let gap: readonly unknown[] = [];
  const listener = createListener({
    memory: memoryChatMemory(),
    take: async (incoming) => void taken.push(incoming),
    senderOf: (id) => senderOf(id, ['ops.test']),
    isCall: (text) => text.startsWith('!'),
    deleted: () => undefined,
    now: () => NOW,
    log: () => undefined,
  });
  const server = partly<Homeserver>({
    call: async ({ answer }) => answer.parse({ chunk: gap.toReversed() }),
  });
  const rooms = partly<Rooms>({ channelOf: (room) => room, hear: () => undefined });
  for (let batch = 0; ids.length < EVENTS; batch += 1) {
    const made = Array.from({ length: 1 + random.below(40) }, () => makeEvent(random, ids));
    wanted.push(...made.flatMap(({ command: id }) => id ?? []));
    const events = made.map(({ event }) => event);
    const limited = random.below(5) === 0;
    const cut = limited ? random.below(events.length) : 0;
    gap = events.slice(0, cut);
    const timeline = { events: events.slice(cut), limited, prev_batch: 'p' };
    const answer = SyncAnswer.parse({
      next_batch: `s${batch}`,
      rooms: { join: { '!ops:ops.test': { timeline } } },
    });
    await listener.takeIn(answer, 's', { server, rooms, ownId: BOT, encryption: NONE });
    await listener.deliver({ rooms });
  }
  const messages = taken.filter((one) => one.kind === 'message');
  const heard = new Map(Map.groupBy(messages, ({ ref }) => ref.id));
  expect(wanted.filter((id) => heard.get(id)?.length !== 1)).toEqual([]);
  expect([...heard.values()].filter((same) => same.length > 1)).toEqual([]);
  expect(messages.filter(({ text }) => !text.startsWith('!'))).toEqual([]);
  const speakers = new Set(taken.map((one) => ('sender' in one ? one.sender.id : undefined)));
  expect([...speakers.difference(new Set([...PEOPLE, undefined]))]).toEqual([]);
  const reactions = taken.filter((one) => one.kind === 'reaction');
  const added = new Set(
    reactions
      .filter(({ change }) => change === 'added')
      .map(({ on, sender }) => `${on.id} ${sender.shown}`),
  );
  const removed = reactions.filter(({ change }) => change === 'removed');
  expect(removed.filter(({ on, sender }) => !added.has(`${on.id} ${sender.shown}`))).toEqual([]);
  expect(removed.length).toBeGreaterThan(0);
});
