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

const MINUTE = 60_000;

describe('somebody without an account', () => {
  it('is told how to identify once, and again after a while', () => {
    const askers = rememberAskers();
    const hint = 'kim: a nick proves nothing. Log in.';
    const isTold = (id: string, shown: string, at: number) => {
      askers.remember(message(id, shown));
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
      askers.remember(message(id));
      expect(askers.isToldAlready(answer(id, 'builders: 20/20'), 0)).toBe(false);
    }
  });
});
