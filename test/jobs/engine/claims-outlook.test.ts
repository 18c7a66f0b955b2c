import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HostName, type OpId } from '../../../src/domain/ids.ts';
import { attend } from '../../../src/jobs/engine/attend.ts';
import type { Journal, OpRef } from '../../../src/jobs/journal/journal.ts';
import { defineStep } from '../../../src/jobs/model/runbook.ts';
import { OPEN_GATE } from './gates.ts';
import { createWorld, runbookOf } from './world.ts';

const runbook = runbookOf({
  look: defineStep({
    with: z.null(),
    output: z.null(),
    run: async () => ({ kind: 'done', output: null }),
    ifInterrupted: 'run-again',
    retry: { tries: 1, backoffMs: 0 },
  }),
});

type Held = { readonly held: readonly { readonly op?: OpId }[] };

describe('decisions on claims in one worker', () => {
  it('do not make each other stale when many operations start at once', async () => {
    const world = createWorld(runbook);
    const { journal, refusals } = countRefusals(world.engine.journal);
    const engine = { ...world.engine, journal };
    const refs = await Promise.all(Array.from({ length: 40 }, () => world.request(runbook)));
    await Promise.all(refs.map((ref) => attend(engine, ref, { stopping: () => false })));
    expect(refusals()).toBe(0);
    expect(await outcomes(refs, world.state)).toEqual(new Set(['ended']));
  });

  it('are taken anew when something else was claimed meanwhile', async () => {
    const world = createWorld(runbook);
    const [first, second, stranger] = await Promise.all(
      [1, 2, 3].map(() => world.request(runbook)),
    );
    if (!first || !second || !stranger) throw new Error('three were requested');
    const lock = { kind: 'lock', key: `host/${HostName.parse('web-01')}` } as const;
    let isTaken = false;
    const gate = {
      ...OPEN_GATE,
      mayClaim: async () => {
        if (!isTaken) await world.append(stranger, { kind: 'claimed', claims: [lock] });
        isTaken = true;
        return { kind: 'yes' } as const;
      },
    };
    const engine = { ...world.engine, gate };
    await Promise.all([first, second].map((ref) => attend(engine, ref, { stopping: () => false })));
    expect(await outcomes([first, second], world.state)).toEqual(new Set(['ended']));
  });

  it('do not go on counting on each other once one of them was refused, where each takes its time', async () => {
    const world = createWorld(runbook);
    const [first, second, stranger] = await Promise.all(
      [1, 2, 3].map(() => world.request(runbook)),
    );
    if (!first || !second || !stranger) throw new Error('three were requested');
    const lock = { kind: 'lock', key: `host/${HostName.parse('web-01')}` } as const;
    let decisions = 0;
    const gate = {
      ...OPEN_GATE,
      mayClaim: async () => {
        decisions += 1;
        if (decisions > 20) throw new Error('it never ends');
        if (decisions === 1) await world.append(stranger, { kind: 'claimed', claims: [lock] });
        // As long as a build system takes, in which what was decided before comes on record or is refused.
        for (let nth = 0; nth < 10; nth += 1) await turn();
        return { kind: 'yes' } as const;
      },
    };
    const engine = { ...world.engine, gate };
    await Promise.all([first, second].map((ref) => attend(engine, ref, { stopping: () => false })));
    expect(world.problems).toEqual([]);
    expect(await outcomes([first, second], world.state)).toEqual(new Set(['ended']));
  });

  it('are not taken in by a stranger who takes something in the place of the one before them', async () => {
    const world = createWorld(runbook);
    const [first, second, stranger] = await Promise.all(
      [1, 2, 3].map(() => world.request(runbook)),
    );
    if (!first || !second || !stranger) throw new Error('three were requested');
    const lock = { kind: 'lock', key: `host/${HostName.parse('web-01')}` } as const;
    const { journal } = world.engine;
    let isTaken = false;
    const raced: Journal = {
      ...journal,
      async append(ref, what) {
        const claims = what.events[0]?.kind === 'claimed';
        if (claims && !isTaken) {
          isTaken = true;
          await world.append(stranger, { kind: 'claimed', claims: [lock] });
        }
        return journal.append(ref, what);
      },
    };
    const gate = {
      ...OPEN_GATE,
      mayClaim: async (_state: unknown, { held }: Held) =>
        held.some(({ op }) => op === stranger.op)
          ? ({ kind: 'not-yet', because: 'a stranger has it' } as const)
          : ({ kind: 'yes' } as const),
    };
    const engine = { ...world.engine, gate, journal: raced };
    await Promise.all([first, second].map((ref) => attend(engine, ref, { stopping: () => false })));
    for (const ref of [first, second]) {
      expect((await world.state(ref)).phase).toEqual({
        kind: 'claims',
        because: 'a stranger has it',
      });
    }
  });

  it('count what those before them take as held', async () => {
    const world = createWorld(runbook);
    const seen: number[] = [];
    const gate = {
      ...OPEN_GATE,
      mayClaim: async (_state: unknown, { held }: Held) => {
        seen.push(held.length);
        return { kind: 'yes' } as const;
      },
    };
    const engine = { ...world.engine, gate };
    const refs = await Promise.all([1, 2, 3].map(() => world.request(runbook)));
    await Promise.all(refs.map((ref) => attend(engine, ref, { stopping: () => false })));
    expect(seen).toEqual([0, 1, 2]);
  });
});

function countRefusals(journal: Journal): { journal: Journal; refusals(): number } {
  let refusals = 0;
  return {
    refusals: () => refusals,
    journal: {
      ...journal,
      async append(ref, what) {
        const appended = await journal.append(ref, what);
        if (appended.kind === 'claims-moved') refusals += 1;
        return appended;
      },
    },
  };
}

async function outcomes(
  refs: readonly OpRef[],
  state: (ref: OpRef) => Promise<{ phase: { kind: string } }>,
): Promise<ReadonlySet<string>> {
  const states = await Promise.all(refs.map(state));
  return new Set(states.map(({ phase }) => phase.kind));
}
