import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hear } from '../../../../src/adapters/chat/slack/heard.ts';
import { openInbox } from '../../../../src/adapters/chat/slack/inbox.ts';
import { readPayload } from '../../../../src/adapters/chat/slack/payload.ts';
import { reactionIds } from '../../../../src/adapters/chat/slack/reaction-ids.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import type { Incoming } from '../../../../src/bot/chat-network.ts';

const OWN = { team: 'T1', user: 'U0', bot: 'B0' };

const event = (more: object, team = 'T1') => ({
  type: 'event_callback',
  team_id: team,
  event_id: 'Ev1',
  event: { type: 'message', channel: 'C1', user: 'U1', text: '!ops', ts: '1.1', ...more },
});

describe('nothing comes of', () => {
  test.each([
    ['an event of another workspace', event({}, 'T2')],
    ['a message of our own', event({ user: 'U0' })],
    ['a message of our own app without its user', event({ user: undefined, bot_id: 'B0' })],
    ['somebody who joined', event({ subtype: 'channel_join' })],
    ['a mention event, since its message comes as well', event({ type: 'app_mention' })],
    ['a reaction under what another app said', reaction({ item_user: 'U7' })],
    ['a reaction under what a webhook said', reaction({ item_user: undefined })],
    ['a reaction of our own', reaction({ user: 'U0' })],
    ['a reaction to a file', reaction({ item: { type: 'file', file: 'F1' } })],
    ['a press in another workspace', press({ team: { id: 'T2' } })],
    ['a press of a button that is not ours', press({ actions: [action({ action_id: 'other' })] })],
    ['a press under a message that is not ours', press({ message: { ts: '1.1', user: 'U7' } })],
    ['two presses at once', press({ actions: [action({}), action({})] })],
    [
      'a view that was submitted',
      { type: 'view_submission', team: { id: 'T1' }, user: { id: 'U1' } },
    ],
    ['a command of another workspace', slash({ team_id: 'T2' })],
    ['a list', []],
    ['nothing', undefined],
  ])('%s', (_, body) => {
    expect(readPayload(body, OWN)).toBeUndefined();
  });
});

test('something comes of the same in our own', () => {
  const kinds = [event({}), reaction({}), press({}), slash({})].map(
    (body) => readPayload(body, OWN)?.kind,
  );
  expect(kinds).toEqual(['message', 'reaction', 'press', 'slash']);
});

function reaction(more: object) {
  const item = { type: 'message', channel: 'C1', ts: '1.1' };
  const added = { type: 'reaction_added', reaction: '+1', item, item_user: 'U0' };
  return event({ ...added, ...more });
}

function action(more: object) {
  return { action_id: 'signalbox-answer-0', action_ts: '2.2', value: '👍', ...more };
}

function press(more: object) {
  return {
    type: 'block_actions',
    trigger_id: 'Tr1',
    team: { id: 'T1' },
    user: { id: 'U1', team_id: 'T1' },
    channel: { id: 'C1' },
    message: { ts: '1.1', user: 'U0' },
    actions: [action({})],
    ...more,
  };
}

function slash(more: object) {
  return {
    command: '/signalbox',
    text: 'ops',
    trigger_id: 'Tr1',
    team_id: 'T1',
    channel_id: 'C1',
    user_id: 'U1',
    ...more,
  };
}

test('of 10,000 events in which anything is anything, none does harm, and none is of somebody that nobody vouched for', async () => {
  const heard: Incoming[] = [];
  const told: Incoming[] = [];
  const log: string[] = [];
  const inbox = openInbox({
    memory: memoryChatMemory(),
    read: async (body) => readPayload(body, OWN),
    respond: () => undefined,
    hear: (brought, at) => hear(brought, { at }, HEARING),
    take: async (incoming) => void heard.push(incoming),
    async tell(brought, refused) {
      const incoming = await hear(brought, { refused }, HEARING);
      if (incoming !== undefined) told.push(incoming);
    },
    now: () => 0,
    tempo: 0,
    log: (message) => log.push(message),
  });
  let acked = 0;
  const ack = async () => {
    acked += 1;
  };
  for (const body of fc.sample(ANY_EVENT, { seed: 1118, numRuns: 10_000 })) {
    await inbox.receive({ body, ack });
    inbox.refuse(body, 'it came before');
  }
  await inbox.settle();
  expect(acked).toBe(10_000);
  expect(log).toEqual([]);
  expect(heard.length).toBeGreaterThan(100);
  expect(told).toHaveLength(heard.length);
  for (const one of told) expect(one).toMatchObject({ refused: { because: 'it came before' } });
  for (const one of [...heard, ...told]) {
    if (one.kind === 'returned') throw new Error('it was never away');
    expect([undefined, 'T1:U1']).toContain(one.sender.id);
    if (one.kind === 'reaction') expect(one.on.id).toMatch(/^C1\//);
  }
});

const HEARING = {
  own: OWN,
  name: 'signalbox',
  prefix: () => '!',
  now: () => 0,
  people: {
    who: async (user: string) =>
      user === 'U1'
        ? ({ kind: 'member', shown: user } as const)
        : ({ kind: 'refused', shown: user, because: 'no', next: '' } as const),
  },
  reactions: reactionIds(memoryChatMemory()),
  channels: {
    look: async () => undefined,
    hearOf: async () => undefined,
    idOf: async () => undefined,
    nameOf: (id: string) => (id === 'C1' ? '#ops' : undefined),
    missing: () => [],
  },
};

/** Payloads of which some parts are what Slack would send, and some are not. */
const odd = fc.oneof(
  fc.constantFrom('U0', 'U1', 'U2', 'C1', 'C2', 'T1', 'T2', '1.1', '+1', '!ops', '<@U0> ops', 'B0'),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(undefined, null, 0, true, {}, [], { ts: '1.1' }, { id: 'U1' }),
);
const ANY_EVENT: fc.Arbitrary<unknown> = fc
  .tuple(
    fc.constantFrom(event({}), reaction({}), press({}), slash({}), changed()),
    fc.uuid(),
    fc.infiniteStream(
      fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: odd }),
    ),
  )
  .map(([body, id, changes]) => ({
    ...(spoilt(body, () => changes.next().value) as object),
    event_id: id,
    trigger_id: id,
  }));

function changed() {
  const message = { user: 'U1', text: '!ops', ts: '1.1', edited: { ts: '3.3' } };
  return event({ subtype: 'message_changed', message, previous_message: { text: 'hello' } });
}

/** A copy in which here and there something else stands. */
function spoilt(value: unknown, change: () => unknown): unknown {
  const other = change();
  if (other !== undefined) return other;
  if (Array.isArray(value)) return value.map((one) => spoilt(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, spoilt(one, change)]));
}
