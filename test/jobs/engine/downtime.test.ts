import { afterEach, describe, expect, it, vi } from 'vitest';
import { attend } from '../../../src/jobs/engine/attend.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import {
  away,
  DONE,
  type DowntimeWorld,
  downtimeWorld,
  MINUTE,
  step,
  WAIT,
} from './downtime-fixture.ts';
import { ben, runbookOf } from './world.ts';

const fine = () => step(async () => DONE);
const waiting = () => step(async () => WAIT);
const bad = () => step(async () => Promise.reject(away('no such device')));

async function downtimeOf({ engine }: DowntimeWorld, ref: OpRef) {
  const events = (await engine.journal.read(ref)).map(({ event }) => event);
  return events.filter(({ kind }) => kind === 'downtime');
}

describe('the alerts about the hosts of an operation', () => {
  it('are silenced before its first step and come again when it has ended', async () => {
    let during = false;
    const world = downtimeWorld({
      only: step(async () => {
        during = world.isQuiet();
        return DONE;
      }),
    });
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    expect(during).toBe(true);
    expect(world.isQuiet()).toBe(false);
    expect(await world.kinds(ref)).toEqual([
      'requested',
      'claimed',
      'downtime',
      'step-started',
      'step-ended',
      'downtime',
      'ended',
    ]);
    expect(await downtimeOf(world, ref)).toEqual([
      { kind: 'downtime', state: 'begun', hosts: ['builder-07'] },
      { kind: 'downtime', state: 'over', hosts: ['builder-07'] },
    ]);
  });

  it('are not touched where the zone has nothing for it', async () => {
    const world = downtimeWorld({ only: fine() });
    const ref = await world.request(world.runbook);
    await world.settle(ref, { ...world.engine, downtime: undefined });
    expect(world.hook.calls).toEqual([]);
    expect((await world.state(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('are not silenced while it waits for approval or for claims', async () => {
    const world = downtimeWorld({ only: fine() });
    const ref = await world.request(world.runbook, { demand: { count: 1, groups: ['ops'] } });
    const closed = async () => ({ kind: 'not-yet', because: 'taken' }) as const;
    await world.settle(ref, { ...world.engine, gate: { ...world.engine.gate, mayClaim: closed } });
    const { request } = await world.state(ref);
    const approval = { kind: 'approved', subject: { plan: request.plan.digest } } as const;
    await world.append(ref, { ...approval, network: 'console' }, ben);
    await world.settle(ref, { ...world.engine, gate: { ...world.engine.gate, mayClaim: closed } });
    expect((await world.state(ref)).phase.kind).toBe('claims');
    expect(world.hook.calls).toEqual([]);
  });

  it('are not silenced while its first step waits for an approval of its own', async () => {
    const world = downtimeWorld({
      wipe: step(async () => DONE, { approvals: { count: 1, groups: [] } }),
    });
    const ref = await world.request(world.runbook);
    expect((await world.settle(ref)).phase.kind).toBe('approval');
    expect(world.hook.calls).toEqual([]);
  });

  it('come again however it ends', async () => {
    const cancel = { kind: 'cancel-requested', because: 'lunch' } as const;
    const ends = {
      'rolled-back': async (world: DowntimeWorld, ref: OpRef) => {
        const { phase } = await world.state(ref);
        const prompt = phase.kind === 'asking' ? phase.prompt.id : '';
        await world.append(ref, { kind: 'answered', prompt, word: 'rollback' });
      },
      cancelled: (world: DowntimeWorld, ref: OpRef) => world.append(ref, cancel),
    };
    for (const [outcome, end] of Object.entries(ends)) {
      const world = downtimeWorld({ bad: bad() });
      const ref = await world.request(world.runbook);
      expect((await world.settle(ref)).phase.kind).toBe('asking');
      expect(world.isQuiet()).toBe(true);
      await end(world, ref);
      expect((await world.settle(ref)).phase).toMatchObject({ outcome });
      expect(world.isQuiet()).toBe(false);
    }
  });

  it('come again when it is abandoned under another version of its runbook', async () => {
    const world = downtimeWorld({ waiting: waiting() });
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    const newer = { ...world.worker(), runbooks: new Map([['toy', runbookOf({}, 2)]]) };
    await world.append(ref, { kind: 'cancel-requested', because: 'lunch' });
    expect((await world.settle(ref, newer)).phase).toMatchObject({ outcome: 'abandoned' });
    expect(world.isQuiet()).toBe(false);
  });
});

describe('a downtime', () => {
  it('is renewed while its operation waits for hours, and the journal does not grow', async () => {
    const world = downtimeWorld({ bad: bad() });
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    const { seq } = await world.state(ref);
    for (let minutes = 0; minutes < 25; minutes += 5) {
      world.advance(5 * MINUTE);
      expect(await world.engine.journal.due(ref.zone, 10)).toHaveLength(1);
      await world.settle(ref);
      expect(world.isQuiet()).toBe(true);
    }
    expect((await world.state(ref)).seq).toBe(seq);
  });

  it('is renewed while an operation is held, which nobody has to look at otherwise', async () => {
    const world = downtimeWorld({ bad: bad() });
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    world.advance(30 * MINUTE);
    expect((await world.settle(ref)).phase.kind).toBe('held');
    world.advance(5 * MINUTE);
    expect(await world.engine.journal.due(ref.zone, 10)).toHaveLength(1);
    await world.settle(ref);
    world.advance(29 * MINUTE);
    expect(world.isQuiet()).toBe(true);
  });

  it('is not renewed at every poll of a step that waits', async () => {
    const world = downtimeWorld({ waiting: waiting() });
    const ref = await world.request(world.runbook);
    for (let minutes = 0; minutes < 4; minutes += 1) {
      await world.settle(ref);
      world.advance(MINUTE);
    }
    expect(world.hook.calls).toEqual(['begin']);
  });

  it('runs out by itself when nobody is there any more', async () => {
    const world = downtimeWorld({ waiting: waiting() });
    await world.settle(await world.request(world.runbook));
    world.advance(30 * MINUTE - 1);
    expect(world.isQuiet()).toBe(true);
    world.advance(1);
    expect(world.isQuiet()).toBe(false);
  });

  describe('during a call that takes long', () => {
    afterEach(() => void vi.useRealTimers());

    it('is renewed too, and not after its end', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const over = Promise.withResolvers<void>();
      const world = downtimeWorld({
        long: step(async () => {
          await over.promise;
          return DONE;
        }),
      });
      const ref = await world.request(world.runbook);
      const settled = world.settle(ref);
      await vi.waitUntil(async () => (await world.kinds(ref)).includes('step-started'));
      vi.advanceTimersByTime(11 * MINUTE);
      await vi.waitUntil(() => world.hook.calls.length === 3);
      over.resolve();
      await settled;
      vi.advanceTimersByTime(30 * MINUTE);
      expect(world.hook.calls).toEqual(['begin', 'begin', 'begin', 'end']);
      expect(world.isQuiet()).toBe(false);
    });

    it('is waited for when it is being renewed as the call ends', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
      const over = Promise.withResolvers<void>();
      const slow = Promise.withResolvers<void>();
      const world = downtimeWorld({
        long: step(async () => {
          await over.promise;
          return DONE;
        }),
      });
      const ref = await world.request(world.runbook);
      const settled = world.settle(ref);
      await vi.waitUntil(async () => (await world.kinds(ref)).includes('step-started'));
      world.hook.before = (call) => (call === 'begin' ? slow.promise : Promise.resolve());
      vi.advanceTimersByTime(5 * MINUTE);
      over.resolve();
      await vi.waitUntil(async () => (await world.kinds(ref)).includes('step-ended'));
      slow.resolve();
      await settled;
      expect((await world.state(ref)).phase).toMatchObject({ outcome: 'succeeded' });
      expect(world.isQuiet()).toBe(false);
    });
  });

  it('is begun anew when its operation was about to end and goes on after all', async () => {
    const world = downtimeWorld({ wipe: { ...fine(), undoable: 'no' }, bad: bad() });
    const ref = await world.request(world.runbook);
    const { phase } = await world.settle(ref);
    const prompt = phase.kind === 'asking' ? phase.prompt.id : '';
    await world.append(ref, { kind: 'cancel-requested', because: 'lunch' });
    let answered = false;
    world.hook.before = async (call) => {
      if (call !== 'end' || answered) return;
      answered = true;
      await world.append(ref, { kind: 'answered', prompt, word: 'retry' });
    };
    expect((await world.settle(ref)).phase.kind).toBe('asking');
    expect(answered).toBe(true);
    expect(world.isQuiet()).toBe(true);
  });
});

describe('a downtime hook that fails', () => {
  it('keeps no operation from going on, and is said', async () => {
    const world = downtimeWorld({ only: waiting() });
    world.hook.before = () => Promise.reject(away());
    const ref = await world.request(world.runbook);
    expect((await world.settle(ref)).current?.note).toBe('not up');
    expect(world.hook.calls).toEqual(['begin', 'begin']);
    const because = 'no Alertmanager answered: connection refused';
    expect(await downtimeOf(world, ref)).toEqual([
      { kind: 'downtime', state: 'failed', hosts: ['builder-07'], because },
    ]);
  });

  it('is asked again at the next renewal, and what changed is said once', async () => {
    const world = downtimeWorld({ only: waiting() });
    let text = 'first';
    world.hook.before = () => Promise.reject(away(text));
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    text = 'second';
    world.advance(5 * MINUTE);
    await world.settle(ref);
    expect(await downtimeOf(world, ref)).toHaveLength(1);
    world.hook.before = async () => undefined;
    world.advance(5 * MINUTE);
    await world.settle(ref);
    expect(world.isQuiet()).toBe(true);
    expect((await downtimeOf(world, ref)).at(-1)).toMatchObject({ state: 'begun' });
  });

  it('for one worker is not said to work by another who saw it work earlier', async () => {
    const world = downtimeWorld({ only: waiting() });
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    world.advance(MINUTE);
    world.hook.before = () => Promise.reject(away());
    await world.settle(ref, world.worker());
    world.advance(MINUTE);
    await world.settle(ref);
    expect(await downtimeOf(world, ref)).toMatchObject([{ state: 'begun' }, { state: 'failed' }]);
  });

  it('at the first call only is not said at all', async () => {
    const world = downtimeWorld({ only: waiting() });
    world.hook.before = async () => {
      if (world.hook.calls.length === 1) throw away();
    };
    const ref = await world.request(world.runbook);
    await world.settle(ref);
    expect(await downtimeOf(world, ref)).toMatchObject([{ state: 'begun' }]);
  });

  it('at the end lets it end, and says until when the alerts may stay silenced', async () => {
    const world = downtimeWorld({ only: fine() });
    world.hook.before = async (call) => {
      if (call === 'end') throw away();
    };
    const ref = await world.request(world.runbook);
    const { phase } = await world.settle(ref);
    expect(phase).toMatchObject({ outcome: 'succeeded' });
    const until = world.engine.now() + 30 * MINUTE;
    expect((await downtimeOf(world, ref)).at(-1)).toMatchObject({ state: 'left', until });
    world.advance(30 * MINUTE);
    expect(world.isQuiet()).toBe(false);
  });

  it('all the time is said at the start and at the end, as nobody knows what it did', async () => {
    const world = downtimeWorld({ only: fine() });
    world.hook.before = () => Promise.reject(away());
    const ref = await world.request(world.runbook);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(await downtimeOf(world, ref)).toMatchObject([{ state: 'failed' }, { state: 'left' }]);
  });

  it('by a bug is reported as one', async () => {
    const world = downtimeWorld({ only: fine() });
    world.hook.before = () => Promise.reject(new TypeError('x is undefined'));
    const ref = await world.request(world.runbook);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(world.problems).toContainEqual(new TypeError('x is undefined'));
  });

  it('and hangs is cut off', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const world = downtimeWorld({ only: waiting() });
      world.hook.before = () => new Promise(() => undefined);
      const ref = await world.request(world.runbook);
      const settled = world.settle(ref);
      await vi.waitUntil(() => world.hook.calls.length === 1);
      vi.advanceTimersByTime(15_000);
      await settled;
      expect(await downtimeOf(world, ref)).toMatchObject([
        { state: 'failed', because: 'the downtime hook was cut off: it took longer than 15 s' },
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a worker that dies between a downtime and its entry in the journal', () => {
  async function dieAfter(world: DowntimeWorld, ref: OpRef, call: 'begin' | 'end') {
    const died = Promise.withResolvers<void>();
    world.hook.after = (made) => {
      if (made !== call) return Promise.resolve();
      died.resolve();
      return new Promise(() => undefined);
    };
    void attend(world.worker(), ref, { stopping: () => false });
    await died.promise;
    world.hook.after = async () => undefined;
    world.advance(15_001);
  }

  it('leaves one that its successor goes on with and ends', async () => {
    const world = downtimeWorld({ only: fine() });
    const ref = await world.request(world.runbook);
    await dieAfter(world, ref, 'begin');
    expect(world.isQuiet()).toBe(true);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(world.isQuiet()).toBe(false);
  });

  it('leaves one that is ended also when its operation is cancelled before anything was done', async () => {
    const world = downtimeWorld({ only: fine() });
    const ref = await world.request(world.runbook);
    await dieAfter(world, ref, 'begin');
    await world.append(ref, { kind: 'cancel-requested', because: 'lunch' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'cancelled' });
    expect(world.isQuiet()).toBe(false);
  });

  it('at the end leaves the end to its successor', async () => {
    const world = downtimeWorld({ only: fine() });
    const ref = await world.request(world.runbook);
    await dieAfter(world, ref, 'end');
    expect((await world.state(ref)).phase.kind).toBe('finished');
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(await downtimeOf(world, ref)).toMatchObject([{ state: 'begun' }, { state: 'over' }]);
    expect(world.hook.calls).toEqual(['begin', 'end', 'end']);
  });
});

describe('a worker that was frozen past its lease inside the hook', () => {
  it('does not try again what its successor has ended meanwhile', async () => {
    const world = downtimeWorld({ only: fine() });
    const frozen = Promise.withResolvers<void>();
    world.hook.before = () => frozen.promise;
    const ref = await world.request(world.runbook);
    const first = attend(world.worker(), ref, { stopping: () => false });
    await vi.waitUntil(() => world.hook.calls.length === 1);
    world.hook.before = async () => undefined;
    world.advance(15_001);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
    const calls = world.hook.calls.length;
    frozen.reject(away());
    expect(await first).toBeUndefined();
    expect(world.hook.calls).toHaveLength(calls);
    expect(world.isQuiet()).toBe(false);
  });
});
