import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ReadOnlyStore, startWatchingStore } from '../../src/bot/watch-store.ts';
import { networkOf } from './fixture/network.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LOST = { since: Date.UTC(2026, 10, 18, 14, 2), because: 'the store was emptied' };
const READ_ONLY = expect.stringMatching(
  /^READ-ONLY since 2026-11-18 14:02 UTC: the store was emptied\./,
);
const ACCEPTED = 'the store was accepted; work goes on';

function watched() {
  const network = networkOf('irc');
  const state: { now: ReadOnlyStore | undefined } = { now: undefined };
  const told = { readOnly: undefined };
  const begin = () =>
    startWatchingStore({
      network,
      told,
      readOnly: async () => state.now,
      channels: () => [{ network: 'irc', channel: '#ops', watches: ['*'] }],
      report: () => expect.unreachable(),
    });
  return { state, begin, heard: () => network.posted.map(({ lines }) => lines[0]) };
}

test('channels are told once that the store is read-only, and once that somebody accepted it', async () => {
  const { state, begin, heard } = watched();
  const watching = begin();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard()).toEqual([]);
  state.now = LOST;
  await vi.advanceTimersByTimeAsync(10_000);
  state.now = undefined;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard()).toEqual([READ_ONLY, ACCEPTED]);
  await watching.stop();
});

test('what was accepted while the bot had not the network is told when it has it again', async () => {
  const { state, begin, heard } = watched();
  state.now = LOST;
  const first = begin();
  await vi.advanceTimersByTimeAsync(1_000);
  await first.stop();
  state.now = undefined;
  const second = begin();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard()).toEqual([READ_ONLY, ACCEPTED]);
  await second.stop();
});
