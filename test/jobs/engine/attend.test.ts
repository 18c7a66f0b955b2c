import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { Failure } from '../../../src/domain/failure.ts';
import { StepId } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import { DEFAULT_TIMING, type Engine } from '../../../src/jobs/engine/engine.ts';
import { LeaseLost } from '../../../src/jobs/engine/lease-guard.ts';
import type { JournalEvent } from '../../../src/jobs/model/event.ts';
import { DEFAULT_REMINDERS } from '../../../src/jobs/model/reminders.ts';
import { defineStep, type Outcome, type StepContext } from '../../../src/jobs/model/runbook.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import type { BuildFarm } from '../../../src/jobs/ports/build-farm.ts';
import type { Ports } from '../../../src/jobs/ports/ports.ts';
import { partly } from '../../partly.ts';
import { closedGate } from './gates.ts';
import { ana, ben, createWorld, runbookOf, type Sketch, type World } from './world.ts';

const MINUTE = 60_000;

function step(
  run: (context: StepContext<null>) => Promise<Outcome<null>>,
  more: Partial<Sketch> = {},
): Sketch {
  return {
    ...defineStep({
      with: z.null(),
      output: z.null(),
      run,
      ifInterrupted: 'ask',
      retry: { tries: 1, backoffMs: 0 },
    }),
    ...more,
  };
}

const DONE: Outcome<null> = { kind: 'done', output: null };
const fine = () => step(async () => DONE);

function failing(effect: 'none' | 'unknown', text = 'no such device'): Failure {
  return new Failure({
    code: 'toy.failed',
    problem: 'mount',
    because: text,
    effect,
    next: 'Mend it.',
  });
}

describe('an operation without trouble', () => {
  it('runs its steps in order and succeeds', async () => {
    const order: string[] = [];
    const noted = (name: string) =>
      step(async () => {
        order.push(name);
        return DONE;
      });
    const runbook = runbookOf({ first: noted('first'), second: noted('second') });
    const world = createWorld(runbook);
    const state = await world.settle(await world.request(runbook));
    expect(order).toEqual(['first', 'second']);
    expect(state.phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });

  it('records the end of a step and the start of the next in one append', async () => {
    const runbook = runbookOf({ first: fine(), second: fine() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    expect(await world.kinds(ref)).toEqual([
      'requested',
      'claimed',
      'step-started',
      'step-ended',
      'step-started',
      'step-ended',
      'ended',
    ]);
  });

  it('gives a step what an earlier one put out', async () => {
    let got: unknown;
    const runbook = runbookOf({
      first: {
        ...defineStep({
          with: z.null(),
          output: z.string(),
          run: async () => ({ kind: 'done', output: 'boot-1' }),
          ifInterrupted: 'ask',
        }),
      },
      second: step(async ({ output }) => {
        got = output('first', z.string());
        return DONE;
      }),
    });
    const world = createWorld(runbook);
    await world.settle(await world.request(runbook));
    expect(got).toBe('boot-1');
  });

  it('holds its claims while it runs and none afterwards', async () => {
    let during = 0;
    const runbook = runbookOf({
      only: step(async () => {
        during = (await world.engine.journal.claims(ref.zone)).held.length;
        return DONE;
      }),
    });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    expect(during).toBe(1);
    expect((await world.engine.journal.claims(ref.zone)).held).toEqual([]);
  });
});

describe('what a step is given', () => {
  it('is its own: what it does to it is neither in the journal nor given to whoever comes after it', async () => {
    const Tried = z.object({ tried: z.array(z.string()) });
    const given: unknown[] = [];
    const tryNext = step(async ({ memo, intend, intent }) => {
      await intend({ tried: ['in general'] });
      const known = (memo ?? { tried: ['once'] }) as z.infer<typeof Tried>;
      given.push(structuredClone([memo, intent]));
      known.tried.push('again');
      (intent as z.infer<typeof Tried> | undefined)?.tried.push('in vain');
      if (given.length === 4) return DONE;
      const note = `trying for the ${given.length} time`;
      return { kind: 'wait', wake: { afterMs: 1_000 }, memo: known, note };
    });
    const runbook = runbookOf({ only: tryNext });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    for (let turn = 0; turn < 4; turn += 1) {
      await world.settle(ref);
      world.advance(MINUTE);
    }
    const memos = given.slice(1).map((_, nth) => ({
      tried: ['once', ...Array(nth + 1).fill('again')],
    }));
    const intent = { tried: ['in general'] };
    expect(given).toEqual([[undefined, undefined], ...memos.map((memo) => [memo, intent])]);
    const events = (await world.engine.journal.read(ref)).map(({ event }) => event);
    expect(events.filter(({ kind }) => kind === 'waiting')).toMatchObject(
      memos.map((memo) => ({ memo })),
    );
    expect(events.find(({ kind }) => kind === 'intended')).toMatchObject({ preState: intent });
  });

  it('is its own, also what was found before the plan and what a step before it gave', async () => {
    const Disks = z.custom<{ names: string[] }>();
    const found = { names: ['sda'] };
    const given: unknown[] = [];
    const look = async () => ({ kind: 'done', output: structuredClone(found) }) as const;
    const first = defineStep({ with: z.null(), output: Disks, run: look, ifInterrupted: 'ask' });
    const spoil = step(async ({ facts, output }) => {
      const own = [facts as z.infer<typeof Disks>, output('first', Disks)];
      given.push(...structuredClone(own));
      for (const { names } of own) names.push('sdb');
      return DONE;
    });
    const observe = async () => structuredClone(found);
    const steps = runbookOf({ first, second: spoil, third: spoil });
    const runbook = { ...steps, facts: Disks, observe };
    const world = createWorld(runbook);
    await world.settle(await world.request(runbook));
    expect(given).toEqual(Array(4).fill(found));
  });
});

describe('approval', () => {
  const demand = { count: 1, groups: ['ops'] };

  it('is waited for without a due time before its expiry', async () => {
    const runbook = runbookOf({ only: fine() });
    const world = createWorld(runbook, {
      gate: closedGate({ kind: 'not-yet', because: 'one is missing' }),
    });
    const ref = await world.request(runbook, { demand });
    expect((await world.settle(ref)).phase.kind).toBe('approval');
    world.advance(29 * MINUTE);
    expect(await world.engine.journal.due(ref.zone, 10)).toEqual([]);
  });

  it('that nobody gives in time ends the operation', async () => {
    const runbook = runbookOf({ only: fine() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook, { demand });
    await world.settle(ref);
    world.advance(30 * MINUTE);
    expect((await world.settle(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'expired' });
  });

  it('lets it start', async () => {
    const runbook = runbookOf({ only: fine() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook, { demand });
    const { request } = await world.settle(ref);
    await world.append(
      ref,
      { kind: 'approved', subject: { plan: request.plan.digest }, network: 'console' },
      ben,
    );
    expect((await world.settle(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
  });

  it('of a step of its own shows the evidence and goes on with that step', async () => {
    const wiped: string[] = [];
    const wipe = step(
      async () => {
        wiped.push('disk');
        return DONE;
      },
      { approvals: demand, evidence: async () => ({ disk: 'vda' }) },
    );
    const runbook = runbookOf({ first: fine(), wipe });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const waiting = await world.settle(ref);
    expect(waiting.phase).toMatchObject({ kind: 'approval', subject: { step: 'wipe' } });
    expect(wiped).toEqual([]);
    const { subject } = waiting.phase as Extract<typeof waiting.phase, { kind: 'approval' }>;
    await world.append(ref, { kind: 'approved', subject, network: 'console' }, ben);
    expect((await world.settle(ref)).phase).toMatchObject({ kind: 'ended', outcome: 'succeeded' });
    expect(wiped).toEqual(['disk']);
  });

  it('of a step of its own counts only for the question it was given to', async () => {
    let wiped = 0;
    const wipe = step(
      async () => {
        wiped += 1;
        return DONE;
      },
      { approvals: demand, evidence: async () => ({ disk: 'vda' }) },
    );
    const runbook = runbookOf({ first: fine(), wipe });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const before = asApproval(await world.settle(ref));
    await world.append(ref, { kind: 'hold-requested', because: 'the store went backwards' });
    const { subject } = before;
    await world.append(ref, { kind: 'approved', subject, network: 'console' }, ben);
    const { phase } = await world.settle(ref);
    if (phase.kind !== 'asking') throw new Error(phase.kind);
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: 'go-on' });
    const after = asApproval(await world.settle(ref));
    expect(after.subject).not.toEqual(subject);
    expect(wiped).toBe(0);
    await world.append(ref, { kind: 'approved', subject: after.subject, network: 'console' }, ben);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('of the plan is none of a step, so that people are told again of that', async () => {
    const wipe = step(async () => DONE, { approvals: demand });
    const runbook = runbookOf({ wipe });
    const world = createWorld(runbook, { reminders: () => DEFAULT_REMINDERS });
    const ref = await world.request(runbook, { demand });
    const plan = asApproval(await world.settle(ref));
    await world.append(ref, { kind: 'approved', subject: plan.subject, network: 'console' }, ben);
    expect(asApproval(await world.settle(ref)).subject).toMatchObject({ step: 'wipe' });
    world.advance(DEFAULT_REMINDERS.afterMs);
    await world.settle(ref);
    expect((await world.kinds(ref)).at(-1)).toBe('reminded');
  });

  it('of a step that is taken back leaves that of the plan', async () => {
    const wipe = step(async () => DONE, { approvals: { ...demand, count: 2 } });
    const runbook = runbookOf({ wipe });
    const world = createWorld(runbook);
    const ref = await world.request(runbook, { demand });
    const plan = asApproval(await world.settle(ref)).subject;
    await world.append(ref, { kind: 'approved', subject: plan, network: 'console' }, ben);
    const { subject } = asApproval(await world.settle(ref));
    await world.append(ref, { kind: 'approved', subject, network: 'console' }, ben);
    await world.append(ref, { kind: 'withdrawn', subject }, ben);
    expect((await world.state(ref)).approvals).toMatchObject([{ by: ben, subject: plan }]);
  });

  function asApproval({ phase }: OperationState) {
    if (phase.kind !== 'approval') throw new Error(phase.kind);
    return phase;
  }
});

describe('a question', () => {
  it('has another name where another history asks at the same place', async () => {
    const ask = async (afterMs: number) => {
      const bad = step(async () => {
        throw failing('none');
      });
      const runbook = runbookOf({ bad });
      const world = createWorld(runbook);
      const ref = await world.request(runbook);
      world.advance(afterMs);
      const { phase, seq, op } = await world.settle(ref);
      if (phase.kind !== 'asking') throw new Error(phase.kind);
      return { seq, id: phase.prompt.id.replace(op, '') };
    };
    const [one, other] = [await ask(0), await ask(60_000)];
    expect(one.seq).toBe(other.seq);
    expect(one.id).not.toBe(other.id);
  });
});

describe('waiting', () => {
  const twice = () => {
    let calls = 0;
    return step(async () => {
      calls += 1;
      if (calls === 3) return DONE;
      return { kind: 'wait', wake: { afterMs: 5_000 }, memo: null, note: 'not up yet' };
    });
  };

  it('holds no worker and grows the journal only when what is said changes', async () => {
    const runbook = runbookOf({ boot: twice() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    world.advance(5_000);
    await world.settle(ref);
    expect((await world.kinds(ref)).filter((kind) => kind === 'waiting')).toHaveLength(1);
    world.advance(10_000);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it.each([
    ['not up yet', 'boot: waited too long: not up yet · boot left nothing'],
    ['', 'boot: waited too long · boot left nothing'],
  ])(
    'ends at its deadline with a question, which says what it waited for: %j',
    async (note, question) => {
      const never = step(
        async () => ({ kind: 'wait', wake: { afterMs: 5_000 }, memo: null, note }),
        { waitMs: 60_000 },
      );
      const runbook = runbookOf({ boot: never });
      const world = createWorld(runbook);
      const ref = await world.request(runbook);
      await world.settle(ref);
      world.advance(60_000);
      const { phase } = await world.settle(ref);
      expect(phase).toMatchObject({
        kind: 'asking',
        prompt: { question },
      });
    },
  );

  it('is not given up before somebody has looked, even where no worker was there for longer than it lasts', async () => {
    let isUp = false;
    const boot = step(
      async () =>
        isUp ? DONE : { kind: 'wait', wake: { afterMs: 5_000 }, memo: null, note: 'not up yet' },
      { waitMs: 60_000 },
    );
    const runbook = runbookOf({ boot });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    isUp = true;
    world.advance(24 * 60 * 60_000);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a step that fails', () => {
  it('is tried again as its definition says, then asked about', async () => {
    let tries = 0;
    const flaky = step(
      async () => {
        tries += 1;
        throw failing('none');
      },
      { retry: { tries: 3, backoffMs: 1_000 } },
    );
    const runbook = runbookOf({ flaky });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    for (const backoff of [0, 1_000, 2_000]) {
      world.advance(backoff);
      await world.settle(ref);
    }
    expect(tries).toBe(3);
    expect((await world.state(ref)).phase).toMatchObject({
      kind: 'asking',
      prompt: { question: 'flaky: mount: no such device · flaky left nothing' },
    });
  });

  it('goes on when somebody says retry and it works then', async () => {
    let broken = true;
    const mended = step(async () => {
      if (broken) throw failing('none');
      return DONE;
    });
    const runbook = runbookOf({ mended });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const asking = (await world.settle(ref)).phase;
    if (asking.kind !== 'asking') throw new Error(asking.kind);
    broken = false;
    await world.append(ref, { kind: 'answered', prompt: asking.prompt.id, word: 'retry' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('offers skip only where the plan allows it, and says so at the end', async () => {
    const bad = () => step(async () => Promise.reject(failing('none')));
    const words = async (sketch: Sketch) => {
      const runbook = runbookOf({ bad: sketch });
      const world = createWorld(runbook);
      const ref = await world.request(runbook);
      const { phase } = await world.settle(ref);
      if (phase.kind !== 'asking') throw new Error(phase.kind);
      return { world, ref, phase, words: phase.prompt.options.map(({ word }) => word) };
    };
    expect((await words(bad())).words).toEqual(['retry', 'rollback', 'hold']);
    const { world, ref, phase, words: offered } = await words({ ...bad(), skippable: true });
    expect(offered).toEqual(['retry', 'skip', 'rollback', 'hold']);
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: 'skip' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'with-skips' });
  });

  it('holds by itself when nobody answers, and can be answered then', async () => {
    let broken = true;
    const bad = step(async () => {
      if (broken) throw failing('none');
      return DONE;
    });
    const runbook = runbookOf({ bad });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    world.advance(30 * MINUTE);
    const { phase } = await world.settle(ref);
    if (phase.kind !== 'held') throw new Error(phase.kind);
    broken = false;
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: 'retry' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('reports a bug with its text and never with a secret', async () => {
    const buggy = step(async () => {
      throw new TypeError('token hunter22 is undefined');
    });
    const runbook = runbookOf({ buggy });
    const world = createWorld(runbook);
    world.engine.redactor.learn('hunter22');
    const { phase } = await world.settle(await world.request(runbook));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question: expect.stringContaining('a bug: TypeError: token [secret] is undefined'),
      },
    });
    expect(world.problems).toHaveLength(1);
  });
});

describe('what a step tells and keeps at every poll', () => {
  it('never enters the journal, and a secret in it is replaced', async () => {
    const polling = step(async ({ tell, bookmark, putBookmark }) => {
      const polls = Number((await bookmark('polls')) ?? 0) + 1;
      await putBookmark('polls', polls);
      tell({ line: `poll ${polls} with hunter22`, more: ['hunter22'] });
      if (polls === 5) return DONE;
      return { kind: 'wait', wake: { afterMs: 1_000 }, memo: null, note: 'polling' };
    });
    const runbook = runbookOf({ polling });
    const world = createWorld(runbook);
    world.engine.redactor.learn('hunter22');
    const ref = await world.request(runbook);
    for (let turn = 0; turn < 5; turn += 1) {
      await world.settle(ref);
      world.advance(10_000);
    }
    const told = await world.engine.threads.after(ref.zone, '0');
    expect(told.map(({ line, more }) => [line, more])).toEqual(
      [1, 2, 3, 4, 5].map((poll) => [`poll ${poll} with [secret]`, ['[secret]']]),
    );
    const kinds = await world.kinds(ref);
    expect(kinds.filter((kind) => kind === 'waiting')).toHaveLength(1);
    expect(kinds.at(-1)).toBe('ended');
  });
});

describe('rollback', () => {
  const record: string[] = [];
  const undoable = (name: string) =>
    step(
      async ({ intend }) => {
        await intend({ was: name });
        return DONE;
      },
      {
        undo: async ({ intent }) => {
          record.push(`${name} ${JSON.stringify(intent)}`);
          return { kind: 'done', output: null };
        },
      },
    );
  const bad = step(async () => Promise.reject(failing('none')));

  it('undoes backwards what was found, and only what was done', async () => {
    record.length = 0;
    const runbook = runbookOf({
      one: undoable('one'),
      two: undoable('two'),
      bad,
      four: undoable('four'),
    });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const { phase } = await world.settle(ref);
    if (phase.kind !== 'asking') throw new Error(phase.kind);
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: 'rollback' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(record).toEqual(['two {"was":"two"}', 'one {"was":"one"}']);
  });

  it('is not offered past the point of no return', async () => {
    const runbook = runbookOf({ one: undoable('one'), wipe: { ...fine(), undoable: 'no' }, bad });
    const world = createWorld(runbook);
    const { phase } = await world.settle(await world.request(runbook));
    if (phase.kind !== 'asking') throw new Error(phase.kind);
    expect(phase.prompt.options.map(({ word }) => word)).toEqual(['retry', 'hold']);
  });

  it('that fails asks again', async () => {
    const stuck = step(
      async ({ intend }) => {
        await intend(null);
        return DONE;
      },
      { undo: async () => Promise.reject(failing('none', 'hub is away')) },
    );
    const runbook = runbookOf({ stuck, bad });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const { phase } = await world.settle(ref);
    if (phase.kind !== 'asking') throw new Error(phase.kind);
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: 'rollback' });
    expect((await world.settle(ref)).phase).toMatchObject({
      kind: 'asking',
      way: 'undo',
      prompt: { question: 'stuck: mount: hub is away · stuck left nothing' },
    });
  });
});

describe('cancel', () => {
  const waiting = step(async () => ({
    kind: 'wait',
    wake: { afterMs: 60_000 },
    memo: null,
    note: 'draining',
  }));
  const cancel = { kind: 'cancel-requested', because: 'wrong host' } as const;

  it('of a waiting operation undoes what was done', async () => {
    const undone: string[] = [];
    const disable = step(
      async ({ intend }) => {
        await intend(null);
        return DONE;
      },
      {
        undo: async () => {
          undone.push('disable');
          return { kind: 'done', output: null };
        },
      },
    );
    const runbook = runbookOf({ disable, waiting });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    await world.append(ref, cancel);
    expect((await world.settle(ref)).phase).toMatchObject({
      outcome: 'cancelled',
      because: 'wrong host',
    });
    expect(undone).toEqual(['disable']);
  });

  it('after the point of no return is too late, and is asked about', async () => {
    const runbook = runbookOf({ wipe: { ...fine(), undoable: 'no' }, waiting });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    await world.append(ref, cancel);
    expect((await world.settle(ref)).phase).toMatchObject({
      kind: 'asking',
      prompt: { question: 'too late to cancel: wipe cannot be undone' },
    });
  });

  it('of an operation that asks always ends it', async () => {
    const bad = step(async () => Promise.reject(failing('none')));
    const runbook = runbookOf({ wipe: { ...fine(), undoable: 'no' }, bad });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    await world.append(ref, cancel);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'abandoned' });
  });
});

describe('hold', () => {
  it('stops before the next call and goes on when somebody says so', async () => {
    let up = false;
    const boot = step(async () =>
      up ? DONE : { kind: 'wait', wake: { afterMs: 5_000 }, memo: null, note: 'not up' },
    );
    const runbook = runbookOf({ boot });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    await world.append(ref, { kind: 'hold-requested', because: 'lunch' });
    const { phase } = await world.settle(ref);
    if (phase.kind !== 'asking') throw new Error(phase.kind);
    expect(phase.prompt.question).toBe('held by ana before boot: lunch');
    up = true;
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: 'go-on' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it.each(['asks', 'is held'])('of one that %s asks once more after its answer', async (what) => {
    let calls = 0;
    const bad = step(async () => {
      calls += 1;
      throw failing('none');
    });
    const runbook = runbookOf({ bad });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const { phase } = await world.settle(ref);
    if (phase.kind !== 'asking') throw new Error(phase.kind);
    const answer = (word: string): JournalEvent => ({
      kind: 'answered',
      prompt: phase.prompt.id,
      word,
    });
    if (what === 'is held') await world.append(ref, answer('hold'));
    await world.append(ref, { kind: 'hold-requested', because: 'the store went backwards' });
    await world.append(ref, answer('retry'));
    expect((await world.settle(ref)).phase).toMatchObject({
      kind: 'asking',
      prompt: { question: 'held by ana before bad: the store went backwards' },
    });
    expect(calls).toBe(1);
  });
});

describe('an operation that was taken over', () => {
  it('stays so, whoever holds it besides', async () => {
    const runbook = {
      ...runbookOf({ only: fine() }),
      ifUnanswered: { afterMs: 60_000, does: 'rollback' },
    } as const;
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.append(ref, { kind: 'claimed', claims: [] });
    await world.append(ref, { kind: 'taken-over', because: 'it burns' });
    await world.append(ref, { kind: 'hold-requested', because: 'the store went backwards' }, ben);
    expect((await world.settle(ref)).phase).toMatchObject({
      kind: 'asking',
      prompt: { question: 'taken over by ana before only: it burns', ifUnanswered: 'hold' },
    });
  });
});

describe('a call whose end nobody saw', () => {
  const lost = (probe: Sketch['probe'], more: Partial<Sketch> = {}) => {
    let calls = 0;
    const sketch = step(
      async ({ intend }) => {
        calls += 1;
        await intend({ bootId: 'old' });
        if (calls === 1) throw failing('unknown', 'connection lost');
        return DONE;
      },
      { ...(probe && { probe }), ...more },
    );
    return { sketch, calls: () => calls };
  };

  it('is done when the probe says so', async () => {
    const { sketch, calls } = lost(async () => ({ kind: 'done', output: null }));
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    expect((await world.settle(await world.request(runbook))).phase).toMatchObject({
      outcome: 'succeeded',
    });
    expect(calls()).toBe(1);
  });

  it('is tried again when the probe says that nothing happened', async () => {
    const { sketch, calls } = lost(async () => ({ kind: 'not-done' }), {
      retry: { tries: 2, backoffMs: 0 },
    });
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    expect((await world.settle(await world.request(runbook))).phase).toMatchObject({
      outcome: 'succeeded',
    });
    expect(calls()).toBe(2);
  });

  it('turns the operation back when nothing happened and that was approved, and asks where something cannot be undone', async () => {
    const probe = async () => ({ kind: 'not-done', turnBack: true }) as const;
    const { sketch, calls } = lost(probe, { undo: async () => DONE });
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(await world.kinds(ref)).not.toContain('asked');
    expect(calls()).toBe(1);
    const wiping = runbookOf({ wipe: { ...fine(), undoable: 'no' }, sketch: lost(probe).sketch });
    const other = createWorld(wiping);
    expect((await other.settle(await other.request(wiping))).phase.kind).toBe('asking');
  });

  it('is asked about when nobody can tell', async () => {
    const { sketch, calls } = lost(undefined, { retry: { tries: 2, backoffMs: 0 } });
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const { phase } = await world.settle(await world.request(runbook));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question:
          'sketch: mount: connection lost; it cannot be looked up whether it took effect · sketch left nothing',
      },
    });
    expect(calls()).toBe(1);
  });

  it('is disarmed before anything else happens', async () => {
    const done: string[] = [];
    const arming = step(
      async ({ intend }) => {
        await intend(null);
        throw failing('none', 'not armed');
      },
      {
        probe: async () => ({ kind: 'not-done' }),
        disarm: async () => {
          done.push('disarmed');
        },
      },
    );
    const runbook = runbookOf({ arming });
    const world = createWorld(runbook);
    const { phase } = await world.settle(await world.request(runbook));
    expect(done).toEqual(['disarmed']);
    expect(phase).toMatchObject({ kind: 'asking' });
  });

  it('is disarmed also when nobody can tell, before a person is asked', async () => {
    const done: string[] = [];
    const { sketch } = lost(
      async () => {
        throw failing('none', 'hub is away');
      },
      {
        disarm: async () => {
          done.push('disarmed');
        },
      },
    );
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    world.advance(10 * MINUTE);
    expect((await world.settle(ref)).phase.kind).toBe('asking');
    expect(done).toEqual(['disarmed']);
  });

  it('is said to be armed still when it cannot be disarmed', async () => {
    const away = async () => {
      throw failing('none', 'hub is away');
    };
    const { sketch } = lost(away, { disarm: away });
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    world.advance(10 * MINUTE);
    expect((await world.settle(ref)).phase).toMatchObject({
      prompt: {
        question: expect.stringContaining('it may still be armed: mount: hub is away'),
      },
    });
  });

  it('is not looked at before what was sent has had its time to arrive', async () => {
    const { sketch } = lost(async () => ({ kind: 'done', output: null }), { settleMs: 20_000 });
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    expect((await world.settle(ref)).phase.kind).toBe('running');
    world.advance(19_999);
    expect((await world.settle(ref)).phase.kind).toBe('running');
    world.advance(1);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('is undone when it is cancelled before it was tried again', async () => {
    const undone: string[] = [];
    const sketch = step(
      async () => {
        throw failing('unknown', 'connection lost');
      },
      {
        ifInterrupted: 'run-again',
        retry: { tries: 2, backoffMs: MINUTE },
        async undo() {
          undone.push('undone');
          return DONE;
        },
      },
    );
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.settle(ref);
    await world.append(ref, { kind: 'cancel-requested', because: 'wrong host' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'cancelled' });
    expect(undone).toEqual(['undone']);
  });

  it('is undone although a later attempt failed without effect', async () => {
    let calls = 0;
    const undone: string[] = [];
    const sketch = step(
      async () => {
        calls += 1;
        throw failing(calls === 1 ? 'unknown' : 'none', 'connection lost');
      },
      {
        async undo() {
          undone.push('undone');
          return DONE;
        },
      },
    );
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    for (const word of ['retry', 'rollback']) {
      const { phase } = await world.settle(ref);
      if (phase.kind !== 'asking') throw new Error(phase.kind);
      await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word });
    }
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'rolled-back' });
    expect(undone).toEqual(['undone']);
  });

  it('is looked at again while whoever knows is away', async () => {
    let away = true;
    const { sketch } = lost(async () => {
      if (away) throw failing('none', 'hub is away');
      return { kind: 'done', output: null };
    });
    const runbook = runbookOf({ sketch });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    expect((await world.settle(ref)).phase.kind).toBe('running');
    away = false;
    world.advance(10_000);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a worker that dies inside a step', () => {
  const dying = () => {
    let calls = 0;
    const run = async ({ intend }: StepContext<null>): Promise<Outcome<null>> => {
      calls += 1;
      await intend({ bootId: 'old' });
      if (calls === 1) return new Promise(() => undefined);
      return DONE;
    };
    return { run, calls: () => calls };
  };

  async function dieInside(
    world: ReturnType<typeof createWorld>,
    ref: Parameters<typeof world.state>[0],
  ) {
    void world.settle(ref);
    await expect.poll(async () => (await world.kinds(ref)).at(-1)).toBe('intended');
    world.advance(15_001);
  }

  it('leaves a step that asks to a person', async () => {
    const { run, calls } = dying();
    const runbook = runbookOf({ cycle: step(run) });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await dieInside(world, ref);
    expect((await world.settle(ref)).phase).toMatchObject({ kind: 'asking' });
    expect(calls()).toBe(1);
  });

  it('lets another go on with the same attempt of a step that may run again', async () => {
    const { run, calls } = dying();
    const runbook = runbookOf({ configure: step(run, { ifInterrupted: 'run-again' }) });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await dieInside(world, ref);
    const state = await world.settle(ref);
    expect(state.phase).toMatchObject({ outcome: 'succeeded' });
    expect(calls()).toBe(2);
    const started = (await world.engine.journal.read(ref)).map(({ event }) => event);
    expect(started.filter(({ kind }) => kind === 'step-started')).toMatchObject([
      { attempt: 1, epoch: 1 },
      { attempt: 1, epoch: 2 },
    ]);
  });

  it('lets another take over before its first step as if nothing had been', async () => {
    const runbook = runbookOf({ only: fine() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    await world.engine.journal.acquire(ref, 'dead', 15_000);
    expect(await world.settle(ref)).toMatchObject({ phase: { kind: 'claims' } });
    world.advance(15_001);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a store that fails for one call', () => {
  const storeAway = new Failure({
    code: 'store.away',
    problem: 'the store was asked',
    because: 'it is away',
    effect: 'unknown',
    next: 'Wait.',
  });

  it('holds no lease of a worker that could not read what it had taken', async () => {
    const runbook = runbookOf({ boot: fine() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const { journal } = world.engine;
    const read = async () => {
      throw storeAway;
    };
    await expect(
      world.settle(ref, { ...world.engine, journal: { ...journal, read } }),
    ).rejects.toBe(storeAway);
    world.advance(15_001);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  it('fails no step whose end it took in without an answer', async () => {
    const runbook = runbookOf({ boot: fine(), check: fine() });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const { journal } = world.engine;
    const append: typeof journal.append = async (to, what) => {
      const appended = await journal.append(to, what);
      if (what.events[0]?.kind === 'step-ended') throw storeAway;
      return appended;
    };
    await world.settle(ref, { ...world.engine, journal: { ...journal, append } });
    expect((await world.kinds(ref)).at(-1)).toBe('step-started');
    world.advance(15_001);
    await world.settle(ref);
    const ends = (await world.kinds(ref)).filter((kind) => kind === 'step-ended');
    expect(ends).toHaveLength(2);
  });
});

describe('a worker that was frozen past its lease', () => {
  it('starts nothing more and its outcome is refused', async () => {
    const acted: string[] = [];
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let call = 0;
    const farm = partly<BuildFarm>({
      disable: async () => {
        acted.push(`by call ${call}`);
      },
    });
    const ports = partly<Ports>({ farm });
    const frozen = step(
      async ({ ports: { farm }, signal }) => {
        const mine = call;
        call += 1;
        await gates[mine]?.promise;
        await farm.disable('builder-07' as never, '', signal);
        return DONE;
      },
      { ifInterrupted: 'run-again' },
    );
    const runbook = runbookOf({ frozen });
    const world = createWorld(runbook, { withPorts: (work) => work(ports) });
    const ref = await world.request(runbook);
    const first = world.settle(ref);
    await expect.poll(() => call).toBe(1);
    world.advance(15_001);
    const second = world.settle(ref);
    await expect.poll(() => call).toBe(2);
    gates[0]?.resolve();
    await first;
    expect(acted).toEqual([]);
    gates[1]?.resolve();
    expect((await second).phase).toMatchObject({ outcome: 'succeeded' });
    expect(acted).toHaveLength(1);
  });
});

describe('the gate', () => {
  it('is asked again right before a step that wants it, and a no stops there', async () => {
    let allowed = true;
    const acted: string[] = [];
    const revoke = step(async () => {
      allowed = false;
      return DONE;
    });
    const wipe = step(
      async () => {
        acted.push('wiped');
        return DONE;
      },
      { recheck: true, undoable: 'no' },
    );
    const runbook = runbookOf({ revoke, wipe });
    const world = createWorld(runbook, {
      gate: {
        mayProceed: async () =>
          allowed ? { kind: 'yes' } : { kind: 'no', because: 'ana has left sysadmin' },
        planHolds: async () => ({ kind: 'yes' }),
        mayClaim: async () => ({ kind: 'yes' }),
        mayGoOn: async () => ({ kind: 'yes' }),
      },
    });
    const { phase } = await world.settle(await world.request(runbook));
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question: 'wipe: not allowed to go on with wipe: ana has left sysadmin · wipe left nothing',
        options: [{ word: 'retry' }, { word: 'rollback' }, { word: 'hold' }],
      },
    });
    expect(acted).toEqual([]);
  });

  it('refuses an operation whose plan has changed since it was approved', async () => {
    const runbook = runbookOf({ only: fine() });
    const world = createWorld(runbook, {
      gate: {
        mayProceed: async () => ({ kind: 'yes' }),
        planHolds: async () => ({ kind: 'no', because: 'builder-07 is virtual now' }),
        mayClaim: async () => ({ kind: 'yes' }),
        mayGoOn: async () => ({ kind: 'yes' }),
      },
    });
    const { phase } = await world.settle(await world.request(runbook));
    expect(phase).toMatchObject({ outcome: 'refused', because: 'builder-07 is virtual now' });
  });

  it('that cannot answer is asked again later, and nothing starts before', async () => {
    let answers = false;
    const runbook = runbookOf({ only: fine() });
    const world = createWorld(runbook, {
      gate: {
        mayProceed: async () =>
          answers ? { kind: 'yes' } : { kind: 'unavailable', because: 'ldap1 does not answer' },
        planHolds: async () => ({ kind: 'yes' }),
        mayClaim: async () => ({ kind: 'yes' }),
        mayGoOn: async () => ({ kind: 'yes' }),
      },
    });
    const ref = await world.request(runbook);
    expect((await world.settle(ref)).phase).toEqual({
      kind: 'claims',
      because: 'ldap1 does not answer',
    });
    answers = true;
    world.advance(10_000);
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });
});

/** A worker that is lost before it has put an event of that kind on record. */
function diesOver(kind: JournalEvent['kind'], { engine }: World): Engine {
  const { journal } = engine;
  return {
    ...engine,
    journal: {
      ...journal,
      async append(of, what) {
        if (what.events.some((event) => event.kind === kind)) throw new Error('killed');
        return journal.append(of, what);
      },
    },
  };
}

/** What it asks the store is done, and it hears nothing of it. */
function deafTo(call: 'acquire' | 'read', { engine }: World): Engine {
  const { journal } = engine;
  const away = () => Promise.reject(new Error('the store is away'));
  const acquire: typeof journal.acquire = (...asked) => journal.acquire(...asked).then(away);
  return {
    ...engine,
    journal: { ...journal, ...(call === 'read' ? { read: away } : { acquire }) },
  };
}

describe('a worker that gets no answer from the store', () => {
  it.each(['acquire', 'read'] as const)(
    'when it begins with %s was not lost in the middle of anything, and keeps nobody out',
    async (call) => {
      const waits = step(async () => ({
        kind: 'wait',
        wake: { afterMs: 1_000 },
        memo: null,
        note: 'w',
      }));
      const runbook = runbookOf({ waits });
      const world = createWorld(runbook);
      const ref = await world.request(runbook);
      await world.settle(ref);
      const before = await world.kinds(ref);
      world.advance(1_001);
      await expect(world.settle(ref, deafTo(call, world))).rejects.toThrow('the store is away');
      const next = await world.engine.journal.acquire(ref, 'next', DEFAULT_TIMING.leaseMs);
      expect(next).toMatchObject({ interrupted: false });
      expect(await world.kinds(ref)).toEqual(before);
    },
  );

  it('ends the call under way before its lease is over, and says nothing of it', async () => {
    let endedBy: unknown;
    const long = step(async ({ signal }) => {
      await once(signal, 'abort');
      endedBy = signal.reason;
      throw signal.reason;
    });
    const runbook = runbookOf({ long });
    const world = createWorld(runbook, { timing: { leaseMs: 60, timeScale: 1 } });
    const renew = async () => Promise.reject(new Error('the store is away'));
    const { journal } = world.engine;
    const cutOff: Engine = {
      ...world.engine,
      journal: { ...journal, renew },
      monotonic: () => performance.now(),
    };
    const ref = await world.request(runbook);
    const deadline = performance.now() + 60;
    const acquire: Engine['journal']['acquire'] = async (...asked) => {
      const lease = await journal.acquire(...asked);
      return lease && { ...lease, deadline };
    };
    await world.settle(ref, { ...cutOff, journal: { ...cutOff.journal, acquire } });
    expect(endedBy).toBeInstanceOf(LeaseLost);
    expect((await world.kinds(ref)).at(-1)).toBe('step-started');
  });
});

describe('a worker that is lost in the middle of a call', () => {
  /** Nobody can look up whether it was done, and twice would be wrong. */
  function cutOff() {
    const done: string[] = [];
    const once = step(async () => {
      done.push('once');
      return DONE;
    });
    const runbook = runbookOf({ once });
    const world = createWorld(runbook);
    return { done, world, runbook, lost: diesOver('step-ended', world) };
  }

  it.each(['acquire', 'read'] as const)(
    'is not forgotten where the next one got no answer when it began with %s',
    async (call) => {
      const { done, world, runbook, lost } = cutOff();
      const ref = await world.request(runbook);
      await world.settle(ref, lost);
      world.advance(DEFAULT_TIMING.leaseMs + 1);
      await expect(world.settle(ref, deafTo(call, world))).rejects.toThrow('the store is away');
      expect((await world.settle(ref)).phase).toMatchObject({
        kind: 'asking',
        prompt: { question: expect.stringContaining('its worker was lost in the middle of it') },
      });
      expect(done).toEqual(['once']);
    },
  );

  it.each([
    ['of another version', false],
    ['that is about to stop', true],
  ])('is followed by one %s, and its call is not made again', async (_, isStopping) => {
    const { done, world, runbook, lost } = cutOff();
    const ref = await world.request(runbook);
    await world.settle(ref, lost);
    world.advance(DEFAULT_TIMING.leaseMs + 1);
    const { once } = runbook.steps as Record<string, Sketch>;
    const newer = new Map([['toy', runbookOf({ once: once as Sketch }, 2)]]);
    const next: Engine = isStopping ? world.engine : { ...world.engine, runbooks: newer };
    await attend(next, ref, { stopping: () => isStopping });
    expect((await world.settle(ref)).phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringContaining('its worker was lost in the middle of it') },
    });
    expect(done).toEqual(['once']);
  });
});

describe('another version of the runbook', () => {
  it('is left to other workers during a deploy, then held', async () => {
    const waiting = step(async () => ({
      kind: 'wait',
      wake: { afterMs: 1_000 },
      memo: null,
      note: 'w',
    }));
    const old = runbookOf({ waiting });
    const world = createWorld(old);
    const ref = await world.request(old);
    await world.settle(ref);
    const newer: Engine = {
      ...world.engine,
      runbooks: new Map([['toy', runbookOf({ waiting }, 2)]]),
    };
    expect((await world.settle(ref, newer)).phase.kind).toBe('running');
    world.advance(60_001);
    expect((await world.settle(ref, newer)).phase).toMatchObject({
      kind: 'asking',
      prompt: {
        question: 'toy is version 2 now, this plan was made with version 1: ask for it anew',
      },
    });
  });

  it('ends what has nothing left to run but its end', async () => {
    const old = runbookOf({ only: fine() });
    const world = createWorld(old);
    const ref = await world.request(old);
    const dies = diesOver('ended', world);
    expect((await world.settle(ref, dies)).phase.kind).toBe('finished');
    world.advance(60_001);
    const newer: Engine = {
      ...world.engine,
      runbooks: new Map([['toy', runbookOf({ only: fine() }, 2)]]),
    };
    expect((await world.settle(ref, newer)).phase).toMatchObject({ outcome: 'succeeded' });
  });

  /** Armed, and cut off before it fired; nobody of its version is left. */
  async function cutOffArmed(disarm: NonNullable<Sketch['disarm']>) {
    const arming = step(async () => DONE, {
      probe: async () => ({ kind: 'not-done' }),
      disarm,
      settleMs: 5_000,
    });
    const world = createWorld(runbookOf({ arming }));
    const ref = await world.request(runbookOf({ arming }));
    await world.settle(ref, diesOver('step-ended', world));
    world.advance(DEFAULT_TIMING.leaseMs + 1);
    const newer: Engine = {
      ...world.engine,
      runbooks: new Map([['toy', runbookOf({ arming }, 2)]]),
    };
    await world.settle(ref, newer);
    return { world, ref, newer };
  }

  it('takes back what may be armed before anybody is asked', async () => {
    const done: string[] = [];
    const { world, ref, newer } = await cutOffArmed(async () => void done.push('disarmed'));
    expect(done).toEqual([]);
    world.advance(60_001);
    const { phase } = await world.settle(ref, newer);
    expect(phase).toMatchObject({
      kind: 'asking',
      prompt: { question: expect.stringMatching(/for it anew$/) },
    });
    expect(done).toEqual(['disarmed']);
  });

  it('takes it back before an end, once what was sent cannot arrive any more', async () => {
    const done: string[] = [];
    const { world, ref, newer } = await cutOffArmed(async () => void done.push('disarmed'));
    await world.append(ref, { kind: 'cancel-requested', because: 'given up' });
    expect((await world.settle(ref, newer)).phase.kind).toBe('running');
    expect(done).toEqual([]);
    world.advance(5_000);
    expect((await world.settle(ref, newer)).phase).toMatchObject({ outcome: 'abandoned' });
    expect(done).toEqual(['disarmed']);
  });

  it('tries that for a while, and then says that something may be armed still', async () => {
    const { world, ref, newer } = await cutOffArmed(async () => {
      throw failing('none', 'hub is away');
    });
    await world.append(ref, { kind: 'cancel-requested', because: 'given up' });
    world.advance(5_000);
    expect((await world.settle(ref, newer)).phase.kind).toBe('running');
    world.advance(10 * MINUTE);
    expect((await world.settle(ref, newer)).phase).toMatchObject({
      outcome: 'abandoned',
      because: expect.stringMatching(/anew; it may still be armed: mount: hub is away$/),
    });
  });

  it('asks while nobody knows how a call ended, and one that has the version looks before it ends there', async () => {
    const looked: string[] = [];
    const { world, ref, newer } = await cutOffArmed(async () => void looked.push('disarmed'));
    world.advance(60_001);
    await world.settle(ref, newer);
    await world.append(ref, { kind: 'cancel-requested', because: 'given up' });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'cancelled' });
    expect(looked).toEqual(['disarmed', 'disarmed']);
  });

  it('refuses what has not begun', async () => {
    const old = runbookOf({ only: fine() });
    const world = createWorld(old);
    const ref = await world.request(old);
    const newer: Engine = {
      ...world.engine,
      runbooks: new Map([['toy', runbookOf({ only: fine() }, 2)]]),
    };
    world.advance(60_001);
    expect((await world.settle(ref, newer)).phase).toMatchObject({ outcome: 'refused' });
  });
});

describe('a graceful stop', () => {
  it('leaves the operation at the border between two steps, due at once', async () => {
    let stopping = false;
    const runbook = runbookOf({
      first: step(async () => {
        stopping = true;
        return DONE;
      }),
      second: fine(),
    });
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    expect(await attend(world.engine, ref, { stopping: () => stopping })).toEqual({ dueInMs: 0 });
    expect((await world.state(ref)).phase).toMatchObject({
      kind: 'running',
      step: StepId.parse('second'),
    });
    expect((await world.settle(ref)).phase).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('children', () => {
  /** A parent that has asked for its only child, and waits for it. */
  async function spawned() {
    const outcomes: unknown[] = [];
    const parent = step(async ({ children, memo, planChild }) => {
      if (memo === undefined) {
        const plan = await planChild('toy', { host: 'builder-07' });
        return { kind: 'spawn', children: [plan], memo: { started: 1 } };
      }
      outcomes.push(...children.values());
      return DONE;
    });
    const childRunbook = runbookOf({ child: fine() });
    const base = runbookOf({ parent });
    const host = 'builder-07' as never;
    const parentRunbook = {
      ...base,
      name: 'rolling',
      plan: () => ({
        ...base.plan({}, null),
        claims: [],
        mayStart: { runbook: 'toy', hosts: [host], fixed: {} },
      }),
    };
    const world = createWorld(childRunbook);
    const runbooks = new Map([
      ['toy', childRunbook],
      ['rolling', parentRunbook],
    ]);
    const engine: Engine = { ...world.engine, runbooks };
    const ref = await world.request(parentRunbook);
    await world.settle(ref, engine);
    const [childRef] = (await world.engine.journal.open()).filter(({ op }) => op !== ref.op);
    if (childRef === undefined) throw new Error('no child was requested');
    return { world, engine, ref, childRef, outcomes };
  }

  it('run as operations of their own, and their parent goes on when they ended', async () => {
    const { world, engine, ref, childRef, outcomes } = await spawned();
    expect((await world.settle(childRef, engine)).phase).toMatchObject({ outcome: 'succeeded' });
    expect((await world.settle(ref, engine)).phase).toMatchObject({ outcome: 'succeeded' });
    expect(outcomes).toEqual(['succeeded']);
    expect(ana).toBe((await world.state(childRef)).requester);
  });

  it('tell their parent also when they are refused before they began', async () => {
    const { world, engine, ref, childRef, outcomes } = await spawned();
    const planHolds = async () => ({ kind: 'no', because: 'builder-07 is virtual now' }) as const;
    const refusing = { ...engine, gate: { ...engine.gate, planHolds } };
    expect((await world.settle(childRef, refusing)).phase).toMatchObject({ outcome: 'refused' });
    await world.settle(ref, engine);
    expect(outcomes).toEqual(['refused']);
  });

  it('tell their parent also when nobody has their version any more', async () => {
    const { world, engine, ref, childRef, outcomes } = await spawned();
    const newer = new Map([['toy', runbookOf({ child: fine() }, 2)]]);
    world.advance(60_001);
    const { phase } = await world.settle(childRef, { ...engine, runbooks: newer });
    expect(phase).toMatchObject({ outcome: 'refused' });
    await world.settle(ref, engine);
    expect(outcomes).toEqual(['refused']);
  });
});
