import { describe, expect, it } from 'vitest';
import { labClock } from '../../../../src/adapters/simulated/fleet/lab-clock.ts';

describe('labClock', () => {
  const started = Date.UTC(2026, 10, 21);

  it('lets a minute of the lab pass in a real second at a scale of 60', () => {
    let real = started;
    const clock = labClock({ startAt: 0, scale: 60, now: () => real });
    expect(clock.now()).toBe(0);
    real += 1_000;
    expect(clock.now()).toBe(60_000);
  });

  it('shows moments of the lab as the wall clock has them, and those before the start unscaled', () => {
    const clock = labClock({ startAt: 1_000_000, scale: 60, now: () => started });
    expect(clock.wall(1_060_000)).toBe(started + 1_000);
    expect(clock.wall(1_000_000 - 60_000)).toBe(started - 60_000);
  });

  it('waits scaled, and not at all under an injected clock that nobody moves', async () => {
    const waits: number[] = [];
    const sleep = async (ms: number) => void waits.push(ms);
    await labClock({ scale: 60, now: () => started, sleep }).pass(6_000);
    await labClock({ now: () => started }).pass(3_600_000);
    expect(waits).toEqual([100]);
  });
});
