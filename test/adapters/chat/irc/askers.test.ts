import { describe, expect, it } from 'vitest';
import { rememberAskers } from '../../../../src/adapters/chat/irc/askers.ts';
import type { Outgoing } from '../../../../src/bot/chat-network.ts';

const unknown = { because: 'a nick proves nothing', next: 'Log in.' };

function message(id: string, shown = 'kim') {
  const ref = { channel: '#ops', id };
  return {
    kind: 'message',
    ref,
    sender: { id: undefined, shown, unknown },
    text: '!status',
  } as const;
}

function answer(id: string, line: string): Outgoing {
  const to = { channel: '#ops', id };
  return { channel: '#ops', key: `reply to ${id}`, as: 'reply', lines: [line], to };
}

const done = async () => undefined;
const MINUTE = 60_000;

describe('somebody without an account', () => {
  it('is told how to identify once, and again after a while', () => {
    const askers = rememberAskers();
    const hint = 'kim: a nick proves nothing. Log in.';
    const isTold = (id: string, shown: string, at: number) => {
      askers.take(message(id, shown), done);
      return askers.isToldAlready(answer(id, hint), at);
    };
    expect(isTold('1', 'kim', 0)).toBe(false);
    expect(isTold('2', 'kim', MINUTE)).toBe(true);
    expect(isTold('3', 'lou', MINUTE)).toBe(false);
    expect(isTold('4', 'kim', 11 * MINUTE)).toBe(false);
  });

  it('gets every other answer', () => {
    const askers = rememberAskers();
    for (const id of ['1', '2']) {
      askers.take(message(id), done);
      expect(askers.isToldAlready(answer(id, 'builders: 20/20'), 0)).toBe(false);
    }
  });
});

describe('the messages of one person', () => {
  it('are passed over while too many of them are under way, and those of others are not', async () => {
    const askers = rememberAskers();
    const waiting = Promise.withResolvers<void>();
    const taken = Array.from({ length: 30 }, (_, n) =>
      askers.take(message(`k${n}`), () => waiting.promise),
    );
    expect(taken.filter(Boolean)).toHaveLength(20);
    expect(askers.take(message('b1', 'ben'), done)).toBe(true);
    waiting.resolve();
    await waiting.promise;
    await new Promise(setImmediate);
    expect(askers.take(message('k99'), done)).toBe(true);
  });
});
