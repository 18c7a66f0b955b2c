import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTellingOfSilence } from '../../../src/bot/duties/tell-silence.ts';
import { networkOf } from '../fixture/network.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const channels = () => [
  { network: 'irc', channel: '#ops', watches: ['*'] },
  { network: 'irc', channel: '#farm', watches: ['*'] },
  { network: 'matrix', channel: '!room', watches: ['*'] },
];

test('it is told in each channel of the network once, as soon as the network is there', async () => {
  const network = networkOf('irc');
  const problems: unknown[] = [];
  network.goesAway();
  const report = (problem: unknown) => problems.push(problem);
  const telling = startTellingOfSilence({ network, channels, timeScale: 1, report }, 12_400);
  await vi.advanceTimersByTimeAsync(6_000);
  expect([network.posted, problems.length]).toEqual([[], 2]);
  await network.returns(0);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(network.posted.map(({ channel, lines }) => [channel, ...lines])).toEqual([
    ['#ops', 'back after 12 s, what was typed meanwhile was not read'],
    ['#farm', 'back after 12 s, what was typed meanwhile was not read'],
  ]);
  await telling.stop();
});

test('a moment of it is nobody’s concern', async () => {
  const network = networkOf('irc');
  const options = { network, channels, timeScale: 1, report: () => expect.unreachable() };
  const telling = startTellingOfSilence(options, 4_999);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(network.posted).toEqual([]);
  await telling.stop();
});
