import * as z from 'zod';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { Lowered } from './lower-ttl.ts';
import { waitUntil } from './nominal-ms.ts';
import { SwapTarget } from './target.ts';

/** Until no resolver can have the name with its old TTL any more. Nothing is done meanwhile, and nobody is kept busy. */
export const awaitTtl = defineStep({
  with: SwapTarget,
  output: z.null(),
  async run(context): Promise<Outcome<null>> {
    const { ttlS, clearAt } = context.output('lower-ttl', Lowered);
    const { now, with: target } = context;
    if (now() >= clearAt) return { kind: 'done', output: null };
    const note = `waiting for the old TTL of ${ttlS} s to run out; ${target.from.host} serves`;
    return waitUntil(context, clearAt, note);
  },
  ifInterrupted: 'run-again',
  waitMs: 48 * 60 * 60_000,
  typicalMs: 5 * 60_000,
});
