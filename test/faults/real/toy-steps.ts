import * as z from 'zod';
import { defineStep, type Outcome, type Probed } from '../../../src/jobs/model/runbook.ts';
import { SETTLE_MS } from './limits.ts';
import { type Context, send, sendOnce, With } from './toy-calls.ts';

const done: Outcome<null> = { kind: 'done', output: null };

const common = {
  with: With,
  output: z.null(),
  retry: { tries: 2, backoffMs: 5_000 },
  attemptMs: 15_000,
  settleMs: SETTLE_MS,
} as const;

async function undo(context: Context): Promise<Outcome<null>> {
  await sendOnce(context, { verb: 'act', way: 'undo' }, 'undo');
  return done;
}

const Before = z.object({ before: z.number() });

async function countBefore(context: Context): Promise<void> {
  await context.intend({ before: Number(await send(context, { verb: 'count' })) });
}

async function whetherCounted(context: Context): Promise<Probed<null>> {
  if (context.intent === undefined) return { kind: 'not-done' };
  const { before } = Before.parse(context.intent);
  const isDone = Number(await send(context, { verb: 'count' })) > before;
  return isDone ? { kind: 'done', output: null } : { kind: 'not-done' };
}

/** Nobody can look up whether it was done, and twice would be wrong. */
const once = defineStep({
  ...common,
  async run(context) {
    await send(context, { verb: 'look' });
    await send(context, { verb: 'act' });
    return done;
  },
  undo,
  ifInterrupted: 'ask',
});

/** Twice would be wrong, and the target knows. */
const counted = defineStep({
  ...common,
  async run(context) {
    await countBefore(context);
    await send(context, { verb: 'look' });
    await send(context, { verb: 'act' });
    return done;
  },
  undo,
  probe: whetherCounted,
  ifInterrupted: 'ask',
});

/** The target itself sees to it that an attempt acts once. */
const guarded = defineStep({
  ...common,
  async run(context) {
    await sendOnce(context, { verb: 'act' }, 'act');
    return done;
  },
  undo,
  ifInterrupted: 'run-again',
});

const waits = defineStep({
  ...common,
  async run({ memo }): Promise<Outcome<null>> {
    const polls = z.number().catch(0).parse(memo);
    if (polls >= 2) return done;
    return { kind: 'wait', wake: { afterMs: 15_000 }, memo: polls + 1, note: `poll ${polls + 1}` };
  },
  ifInterrupted: 'run-again',
});

const asks = defineStep({
  ...common,
  async run(context): Promise<Outcome<null>> {
    if (context.answer === undefined) {
      const options = [{ word: 'go', emoji: '👍' }];
      return { kind: 'ask', prompt: { question: 'go on?', options }, memo: null };
    }
    await sendOnce(context, { verb: 'act' }, 'act');
    return done;
  },
  undo,
  ifInterrupted: 'run-again',
});

/** Armed and fired in one step; every way out but done disarms. */
const armed = defineStep({
  ...common,
  async run(context) {
    await countBefore(context);
    await sendOnce(context, { verb: 'arm' }, `arm-${context.epoch}`);
    await sendOnce(context, { verb: 'fire' }, 'fire');
    return done;
  },
  probe: whetherCounted,
  async disarm(context) {
    await sendOnce(context, { verb: 'disarm' }, `disarm-${context.epoch}-${Date.now()}`);
  },
  ifInterrupted: 'ask',
});

const Found = z.object({ found: z.string() });

/** Changes a setting, and undo puts back what was found. */
const restores = defineStep({
  ...common,
  async run(context) {
    await context.intend({ found: await send(context, { verb: 'read' }) });
    await sendOnce(context, { verb: 'set', value: 'changed' }, 'set');
    return done;
  },
  async undo(context) {
    // What was found is on record before anything is changed.
    if (context.intent === undefined) return done;
    const { found } = Found.parse(context.intent);
    await sendOnce(context, { verb: 'set', way: 'undo', value: found }, 'undo');
    return done;
  },
  ifInterrupted: 'run-again',
});

/** Does nothing, and that only once its host is mended. */
const fails = defineStep({
  ...common,
  async run(context) {
    await send(context, { verb: 'try' });
    return done;
  },
  ifInterrupted: 'run-again',
});

export const TOY_STEPS = { once, counted, guarded, waits, asks, armed, restores, fails };
export type ToyKind = keyof typeof TOY_STEPS;
export const TOY_KINDS = Object.keys(TOY_STEPS) as readonly ToyKind[];
