import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineStep, type Outcome } from '../../src/jobs/model/runbook.ts';
import type { OperationState } from '../../src/jobs/model/state.ts';
import { hearsOfIt, tellOperations } from '../../src/program/store/accept-store.ts';
import { createWorld, runbookOf } from '../jobs/engine/world.ts';

const WHY = 'it went backwards; nobody knows what became of it since';
const at = { step: 'drain', way: 'run', attempt: 2 };

function hears(state: object): readonly object[] {
  return hearsOfIt(state as OperationState, 'it went backwards');
}

describe('an operation in a store that is not the one it was', () => {
  it.each([
    ['approval', { kind: 'approval', subject: { plan: 'd1' } }],
    ['claims', { kind: 'claims' }],
  ])('that waits for %s may have run since, so it is refused', (_what, phase) => {
    const because = `${WHY}. Ask for it anew.`;
    expect(hears({ phase })).toEqual([{ kind: 'ended', outcome: 'refused', because }]);
  });

  it('that runs a step is probed and then asks', () => {
    const phase = { kind: 'running', step: 'drain', way: 'run' };
    expect(hears({ phase, current: { ...at, begun: true } })).toEqual([
      { kind: 'interrupted', ...at, because: WHY },
      { kind: 'hold-requested', because: WHY },
    ]);
  });

  it.each([
    ['is between two steps', undefined],
    ['is in doubt already', { ...at, begun: true, doubt: { because: 'lost', since: 1 } }],
    ['waits to be tried again', { ...at, begun: true, failure: {} }],
  ])('that %s asks', (_what, current) => {
    const phase = { kind: 'running', step: 'drain', way: 'run' };
    expect(hears({ phase, current })).toEqual([{ kind: 'hold-requested', because: WHY }]);
  });

  it.each([
    ['that asks about a step of its own', { kind: 'approval', subject: { step: 'wipe' } }],
    ['that waits for an answer', { kind: 'asking' }],
    ['that is held', { kind: 'held' }],
  ])('%s asks once more before it goes on', (_what, phase) => {
    expect(hears({ phase })).toEqual([{ kind: 'hold-requested', because: WHY }]);
  });

  it.each(['finished', 'ended'])('that is %s hears nothing', (kind) => {
    expect(hears({ phase: { kind } })).toEqual([]);
  });

  it.each(['running', 'asking', 'held'])(
    'that is %s and was told already is not told again',
    (kind) => {
      const phase = { kind, step: 'drain', way: 'run' };
      const doubt = { because: WHY, since: 1 };
      const current = { ...at, begun: true, doubt };
      expect(hears({ phase, current, hold: { by: 'engine', because: WHY } })).toEqual([]);
    },
  );
});

describe('all of them', () => {
  const done = async (): Promise<Outcome<null>> => ({ kind: 'done', output: null });
  const runbook = runbookOf({
    only: defineStep({
      with: z.null(),
      output: z.null(),
      run: done,
      ifInterrupted: 'ask',
      retry: { tries: 1, backoffMs: 0 },
    }),
  });

  it('hear of a child that is refused, so that its parent does not wait for it', async () => {
    const world = createWorld(runbook);
    const parent = await world.request(runbook);
    await world.append(parent, { kind: 'claimed', claims: [] });
    const child = await world.request(runbook, { parent: parent.op });
    const heard = await tellOperations(world.engine.journal, 'it went backwards');
    expect(heard).toEqual({ held: [parent], refused: [child] });
    expect((await world.state(parent)).children.get(child.op)).toBe('refused');
    expect((await world.state(child)).phase).toMatchObject({ outcome: 'refused' });
  });

  it('hear of it also where one of them moves meanwhile', async () => {
    const world = createWorld(runbook);
    const ref = await world.request(runbook);
    const { journal } = world.engine;
    let moved = false;
    const heard = await tellOperations(
      {
        ...journal,
        async append(to, what) {
          if (!moved) await world.append(ref, { kind: 'claimed', claims: [] });
          moved = true;
          return journal.append(to, what);
        },
      },
      'it went backwards',
    );
    expect(heard).toEqual({ held: [ref], refused: [] });
    expect((await world.state(ref)).hold).toMatchObject({ because: WHY });
  });
});
