import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attend } from '../../../src/jobs/engine/attend.ts';
import type { Engine } from '../../../src/jobs/engine/engine.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import type { OperationState } from '../../../src/jobs/model/state.ts';
import { away, DONE, downtimeWorld, MINUTE, step, WAIT } from './downtime-fixture.ts';
import { ana } from './world.ts';

const CALLS = ['done', 'wait', 'fails', 'is lost'] as const;
const ANSWERS = ['retry', 'go-on', 'rollback', 'hold'] as const;

/** What may happen to an operation between two looks at it. */
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ looks: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ passes: fc.constantFrom(1, 4, 6, 20, 40) }) },
  { weight: 1, arbitrary: fc.record({ dies: fc.nat(2), at: fc.constantFrom('before', 'after') }) },
  { weight: 1, arbitrary: fc.record({ hook: fc.constantFrom('fails', 'works') }) },
  { weight: 2, arbitrary: fc.record({ next: fc.constantFrom(...CALLS) }) },
  { weight: 1, arbitrary: fc.record({ asks: fc.constantFrom('cancel', 'hold') }) },
  { weight: 2, arbitrary: fc.record({ answers: fc.constantFrom(...ANSWERS) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** Two steps that can be undone, three workers, and whatever happens to them. */
async function playground() {
  let call: (typeof CALLS)[number] = 'done';
  let failing = false;
  let lastBegin: 'worked' | 'failed' = 'failed';
  const unsilenced: string[] = [];
  const acting = (name: string) => async () => {
    if (lastBegin === 'worked' && !world.isQuiet()) unsilenced.push(name);
    if (call === 'fails') throw away('no such device');
    if (call === 'is lost') throw new Error('a bug, so nobody knows');
    return call === 'wait' ? WAIT : DONE;
  };
  const sketch = (name: string) =>
    step(acting(name), { undo: acting(`undo ${name}`), probe: async () => ({ kind: 'not-done' }) });
  const world = downtimeWorld({ first: sketch('first'), second: sketch('second') });
  const { hook } = world;
  const normal = async () => {
    if (failing) throw away();
  };
  hook.before = normal;
  hook.after = async (made) => {
    if (made === 'begin') lastBegin = 'worked';
  };
  const begun = hook.after;
  const workers = [world.worker(), world.worker(), world.worker()];
  const ref = await world.request(world.runbook);

  /** As the reconciler does: whoever comes attends while it is due. */
  async function looks(by: Engine): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      const due = await world.engine.journal.due(ref.zone, 1);
      if (due.length === 0) return;
      await attend(by, ref, { stopping: () => false });
    }
  }

  /** The worker is gone inside its next call of the hook, if there is one in this look. */
  async function dies(by: Engine, at: 'before' | 'after'): Promise<void> {
    const died = Promise.withResolvers<void>();
    const dying = () => {
      died.resolve();
      return new Promise<void>(() => undefined);
    };
    if (at === 'before') hook.before = dying;
    else hook.after = dying;
    await Promise.race([looks(by), died.promise]);
    hook.before = normal;
    hook.after = begun;
    world.advance(15_001);
  }

  async function happens(what: Happening): Promise<void> {
    if ('looks' in what) return looks(workers[what.looks] as Engine);
    if ('dies' in what) return dies(workers[what.dies] as Engine, what.at as 'before' | 'after');
    if ('passes' in what) return world.advance(what.passes * MINUTE);
    if ('hook' in what) {
      failing = what.hook === 'fails';
      lastBegin = 'failed';
      return;
    }
    if ('next' in what) {
      call = what.next as typeof call;
      return;
    }
    const { phase } = await world.state(ref);
    if (phase.kind === 'ended') return;
    if ('asks' in what) return world.append(ref, asked(what.asks as 'cancel' | 'hold'), ana);
    if (phase.kind !== 'asking' && phase.kind !== 'held') return;
    await world.append(ref, { kind: 'answered', prompt: phase.prompt.id, word: what.answers });
  }

  return { world, hook, ref, happens, unsilenced };
}

function asked(what: 'cancel' | 'hold') {
  return { kind: `${what}-requested`, because: 'lunch' } as const;
}

async function left({ engine }: { engine: Engine }, ref: OpRef): Promise<boolean> {
  const entries = await engine.journal.read(ref);
  return entries.some(({ event }) => 'state' in event && event.state === 'left');
}

const hasStarted = ({ phase }: OperationState) =>
  phase.kind !== 'claims' && phase.kind !== 'approval';

describe('whatever happens in whatever order', { timeout: 60_000 }, () => {
  it('no downtime begins before its operation or outlives it, and no step acts without', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
        const { world, hook, ref, happens, unsilenced } = await playground();
        let calls = 0;
        let endedAt: number | undefined;
        for (const what of happenings) {
          const before = await world.state(ref);
          if (before.phase.kind === 'ended') endedAt ??= world.engine.now();
          calls = hook.calls.length;
          await happens(what);
          const state = await world.state(ref);
          if (before.phase.kind === 'ended') expect(hook.calls).toHaveLength(calls);
          if (!hasStarted(state)) expect(world.isQuiet()).toBe(false);
          if (state.phase.kind !== 'ended') continue;
          if (!(await left(world, ref))) expect(world.isQuiet()).toBe(false);
          if (endedAt !== undefined && world.engine.now() >= endedAt + 30 * MINUTE) {
            expect(world.isQuiet()).toBe(false);
          }
        }
        expect(unsilenced).toEqual([]);
        world.advance(30 * MINUTE);
        expect(world.isQuiet()).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('the journal grows by what changes and not by renewals', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
        const { world, ref, happens } = await playground();
        for (const what of happenings) await happens(what);
        const kinds = await world.kinds(ref);
        const changes = happenings.filter((what) => 'hook' in what).length;
        expect(kinds.filter((kind) => kind === 'downtime').length).toBeLessThanOrEqual(changes + 2);
      }),
      { numRuns: 100 },
    );
  });
});
