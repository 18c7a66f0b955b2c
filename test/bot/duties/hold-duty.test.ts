import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DutyLease, DutyLeases } from '../../../src/bot/duties/duty-leases.ts';
import { type DutyCheck, DutyLost, holdDuty } from '../../../src/bot/duties/hold-duty.ts';
import { until } from '../../until.ts';

let now: number;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** Leases in memory, by the same clock as everything here. */
function leasesInMemory() {
  const held = new Map<string, { nonce: string; till: number }>();
  let epoch = 0;
  const state = { away: false };
  const ask = () => {
    if (state.away) throw new Error('the store is away');
  };
  const leases: DutyLeases = {
    async take(duty, nonce, ttlMs) {
      ask();
      const before = held.get(duty);
      if (before !== undefined && before.till > now) return undefined;
      held.set(duty, { nonce, till: now + ttlMs });
      const silence = before && { silentMs: now - before.till + ttlMs };
      return { epoch: ++epoch, deadline: now + ttlMs, ...silence };
    },
    async renew(duty, nonce, ttlMs) {
      ask();
      if (held.get(duty)?.nonce !== nonce) return undefined;
      held.set(duty, { nonce, till: now + ttlMs });
      return now + ttlMs;
    },
    async release(duty, nonce) {
      if (held.get(duty)?.nonce === nonce) held.delete(duty);
    },
  };
  return { leases, state, held };
}

/** A bot whose waits end when the test says so. */
function aBot(leases: DutyLeases) {
  const reported: unknown[] = [];
  const waits = new Set<() => void>();
  let check: DutyCheck = async () => undefined;
  let runs = 0;
  const silences: unknown[] = [];
  const duty = {
    name: 'talk on irc',
    async begin(given: DutyCheck, { silentMs }: DutyLease) {
      check = given;
      silences.push(silentMs);
      runs += 1;
      return async () => {
        runs -= 1;
      };
    },
  };
  const sleep = (_ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      waits.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  const hold = (of = duty) =>
    holdDuty(of, {
      leases,
      leaseMs: 10_000,
      log: () => {},
      report: (problem) => reported.push(problem),
      sleep,
    });
  return {
    duty,
    hold,
    reported,
    silences,
    check: () => check(),
    isBusy: () => runs > 0,
    /** Its next wait is over. */
    async beat() {
      await until(() => waits.size > 0);
      const [...ended] = waits;
      waits.clear();
      for (const end of ended) end();
      await new Promise(setImmediate);
    },
  };
}

describe('a duty that one bot has at a time', () => {
  it('is begun by the first, and by the second once the first is told to stop', async () => {
    const { leases } = leasesInMemory();
    const [one, two] = [aBot(leases), aBot(leases)];
    const [first, second] = [await one.hold(), await two.hold()];
    expect([one.isBusy(), two.isBusy()]).toEqual([true, false]);
    expect([first.isHeld, second.isHeld]).toEqual([true, false]);
    await two.beat();
    expect(two.isBusy()).toBe(false);
    await first.stop();
    await two.beat();
    await until(two.isBusy);
    expect([first.isHeld, second.isHeld]).toEqual([false, true]);
    expect(two.silences).toEqual([undefined]);
    await second.stop();
    expect(two.isBusy()).toBe(false);
  });

  it('is taken over when its bot fell silent for the length of the lease, and not before', async () => {
    const { leases } = leasesInMemory();
    const [one, two] = [aBot(leases), aBot(leases)];
    await one.hold();
    const second = await two.hold();
    now = 9_999;
    await two.beat();
    expect(second.isHeld).toBe(false);
    now = 10_000;
    await two.beat();
    await until(() => second.isHeld);
    const lost = expect(one.check()).rejects.toThrow(DutyLost);
    await two.check();
    await one.beat();
    await lost;
    await until(() => !one.isBusy());
    await expect(one.check()).rejects.toThrow('this bot has not to talk on irc any more');
  });

  it('is kept by a bot that renews it, and its check waits for that from shortly before the end of the lease', async () => {
    const { leases } = leasesInMemory();
    const one = aBot(leases);
    const held = await one.hold();
    now = 9_000;
    await one.beat();
    now = 18_500;
    await one.check();
    now = 18_501;
    let isSure = false;
    const sure = one.check().then(() => {
      isSure = true;
    });
    await new Promise(setImmediate);
    expect(isSure).toBe(false);
    await one.beat();
    await sure;
    await held.stop();
  });

  it('is had no more from the moment in which the store says that another has it', async () => {
    const { leases, held } = leasesInMemory();
    const one = aBot(leases);
    const holder = await one.hold();
    held.set('talk on irc', { nonce: 'another', till: 10_000 });
    await one.check();
    await one.beat();
    await expect(one.check()).rejects.toThrow(DutyLost);
    await holder.stop();
  });

  it('is had no more by a bot that is told to stop while it is not sure', async () => {
    const { leases } = leasesInMemory();
    const one = aBot(leases);
    const held = await one.hold();
    now = 9_999;
    const lost = expect(one.check()).rejects.toThrow(DutyLost);
    await held.stop();
    await lost;
  });

  it('is ended by a bot that cannot reach the store until its lease has passed', async () => {
    const { leases, state } = leasesInMemory();
    const one = aBot(leases);
    const held = await one.hold();
    state.away = true;
    now = 5_000;
    await one.beat();
    expect(one.isBusy()).toBe(true);
    now = 10_001;
    await one.beat();
    await until(() => !one.isBusy());
    expect(one.reported).toHaveLength(2);
    state.away = false;
    await one.beat();
    await until(one.isBusy);
    expect(one.silences).toEqual([undefined, 10_001]);
    await held.stop();
  });

  it('is let go of when another has it before it was begun', async () => {
    const { leases, held } = leasesInMemory();
    const one = aBot(leases);
    const slow = {
      ...one.duty,
      async begin(check: DutyCheck, lease: DutyLease) {
        now = 10_000;
        held.set('talk on irc', { nonce: 'another', till: 20_000 });
        const lost = expect(check()).rejects.toThrow(DutyLost);
        await one.beat();
        await lost;
        return one.duty.begin(check, lease);
      },
    };
    const holder = await one.hold(slow);
    await until(() => !one.isBusy());
    expect(holder.isHeld).toBe(false);
    await holder.stop();
  });

  it('is left to others at once when it cannot be begun, and whoever wanted it first is told why', async () => {
    const { leases, held } = leasesInMemory();
    const one = aBot(leases);
    const broken = { ...one.duty, begin: () => Promise.reject(new Error('port in use')) };
    await expect(one.hold(broken)).rejects.toThrow('port in use');
    expect(held.size).toBe(0);
  });
});
