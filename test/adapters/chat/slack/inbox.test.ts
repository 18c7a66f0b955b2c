import { expect, test } from 'vitest';
import { type InboxOptions, openInbox } from '../../../../src/adapters/chat/slack/inbox.ts';
import type { Brought } from '../../../../src/adapters/chat/slack/payload.ts';
import type { ChatMemory } from '../../../../src/adapters/chat-memory.ts';
import { memoryChatMemory } from '../../../../src/adapters/simulated/memory-chat-memory.ts';
import type { Incoming } from '../../../../src/bot/chat-network.ts';
import { Failure } from '../../../../src/domain/failure.ts';
import { until } from '../../../until.ts';

const TIMED_OUT = new Failure({
  code: 'store.unreachable',
  problem: 'The store did not answer',
  because: 'Command timed out',
  effect: 'unknown',
  next: 'Wait.',
});

/** So many calls are carried out, and their answers never come. */
function losingAnswers<Args extends unknown[], Result>(
  count: number,
  call: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let left = count;
  return async (...args) => {
    const answer = await call(...args);
    left -= 1;
    if (left >= 0) throw TIMED_OUT;
    return answer;
  };
}

function messageOf({ id, channel }: Brought): Incoming {
  return {
    kind: 'message',
    ref: { channel, id },
    sender: { id: undefined, shown: 'ana' },
    text: '!ops',
  };
}

function inboxWith(more: Partial<InboxOptions>) {
  const heard: string[] = [];
  const log: string[] = [];
  const inbox = openInbox({
    memory: memoryChatMemory(),
    read: async (body) => body as Brought,
    respond: () => undefined,
    hear: async (brought) => messageOf(brought),
    take: async (incoming) => void (incoming.kind === 'message' && heard.push(incoming.ref.id)),
    tell: async () => undefined,
    now: () => 0,
    tempo: 0,
    log: (message) => void log.push(message),
    ...more,
  });
  return { inbox, heard, log };
}

const event = (id: string) => ({
  body: { id, kind: 'slash', channel: 'C1', user: 'U1', from: undefined, trigger: id, text: '' },
  ack: async () => undefined,
});

test('what was kept by a call whose answer was lost is dealt with, once, whether or not it is brought again', async () => {
  const whole = memoryChatMemory();
  const memory: ChatMemory = { ...whole, takeIn: losingAnswers(1, whole.takeIn) };
  const { inbox, heard } = inboxWith({ memory });
  await expect(inbox.receive(event('press'))).rejects.toBe(TIMED_OUT);
  await until(() => heard.length === 1);
  await inbox.receive(event('press'));
  await inbox.receive(event('next'));
  await inbox.settle();
  expect(heard).toEqual(['press', 'next']);
  expect(await memory.waiting()).toEqual([]);
});

test('what was kept only after everybody gave up on it is dealt with when it is brought again', async () => {
  const whole = memoryChatMemory();
  let late: Promise<boolean> | undefined;
  const lost = Promise.withResolvers<void>();
  const memory: ChatMemory = {
    ...whole,
    takeIn(id, text) {
      if (late !== undefined) return whole.takeIn(id, text);
      late = lost.promise.then(() => whole.takeIn(id, text));
      return Promise.reject(TIMED_OUT);
    },
  };
  const { inbox, heard } = inboxWith({ memory });
  await expect(inbox.receive(event('slow'))).rejects.toBe(TIMED_OUT);
  await inbox.settle();
  lost.resolve();
  await late;
  expect(heard).toEqual([]);
  await inbox.receive(event('slow'));
  await inbox.receive(event('slow'));
  await inbox.settle();
  expect(heard).toEqual(['slow']);
});

test('what is brought again while it is acknowledged counts once', async () => {
  const acked = Promise.withResolvers<void>();
  const { inbox, heard } = inboxWith({});
  const first = inbox.receive({ ...event('twice'), ack: () => acked.promise });
  await inbox.receive(event('twice'));
  acked.resolve();
  await first;
  await inbox.settle();
  expect(heard).toEqual(['twice']);
});

test('what could not be heard while the store stalled is heard when it is back, in the order of each person', async () => {
  let isAway = true;
  const tried: string[] = [];
  const hear: InboxOptions['hear'] = async (brought) => {
    tried.push(brought.id);
    if (isAway) throw TIMED_OUT;
    return messageOf(brought);
  };
  const { inbox, heard, log } = inboxWith({ hear });
  await inbox.receive(event('taken back'));
  await inbox.receive(event('given again'));
  await until(() => tried.length > 3);
  isAway = false;
  await inbox.settle();
  expect(heard).toEqual(['taken back', 'given again']);
  expect(log).toEqual([expect.stringMatching(/^tried again: The store did not answer/)]);
});

test('what was dealt with is not dealt with again because the store did not take note of it at once', async () => {
  const whole = memoryChatMemory();
  let failures = 3;
  const memory: ChatMemory = {
    ...whole,
    async dealtWith(id) {
      failures -= 1;
      if (failures >= 0) throw TIMED_OUT;
      await whole.dealtWith(id);
    },
  };
  const { inbox, heard } = inboxWith({ memory });
  await inbox.receive(event('once'));
  await inbox.settle();
  expect(heard).toEqual(['once']);
  expect(await memory.waiting()).toEqual([]);
});

test('what cannot be dealt with stays kept when the bot stops', async () => {
  const memory = memoryChatMemory();
  let tries = 0;
  const take = async () => {
    tries += 1;
    throw TIMED_OUT;
  };
  const { inbox, log } = inboxWith({ memory, take });
  await inbox.receive(event('kept'));
  await until(() => tries > 1);
  inbox.stop();
  await inbox.settle();
  expect(await memory.waiting()).toMatchObject([{ id: 'kept' }]);
  expect(log.at(-1)).toMatch(/^kept is dealt with again after the next start: /);
});
