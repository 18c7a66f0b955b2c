import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLooking } from '../../src/bot/keep-looking.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('it looks at once and again and again, also after a look that failed, until it is stopped', async () => {
  let looks = 0;
  const problems: unknown[] = [];
  const look = async () => {
    looks += 1;
    if (looks === 1) throw new Error('away');
  };
  const looking = keepLooking(look, 1_000, (problem) => problems.push(problem));
  expect(looks).toBe(1);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(looks).toBe(3);
  expect(problems).toEqual([new Error('away')]);
  await looking.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(looks).toBe(3);
});

test('it looks once at a time, and has stopped when the last look has ended', async () => {
  let looks = 0;
  const slow = Promise.withResolvers<void>();
  const look = async () => {
    looks += 1;
    await slow.promise;
  };
  const looking = keepLooking(look, 1_000, () => expect.unreachable());
  await vi.advanceTimersByTimeAsync(5_000);
  expect(looks).toBe(1);
  let hasStopped = false;
  const stopped = looking.stop().then(() => {
    hasStopped = true;
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(hasStopped).toBe(false);
  slow.resolve();
  await stopped;
});
