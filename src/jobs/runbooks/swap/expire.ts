import * as z from 'zod';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { Followed } from './follow.ts';
import { waitUntil } from './nominal-ms.ts';
import { SwapTarget, serviceNow } from './target.ts';

/** Until no resolver sends anybody to the old member any more. It goes on serving for so long. */
export const expire = defineStep({
  with: SwapTarget,
  output: z.null(),
  async run(context): Promise<Outcome<null>> {
    const { clearAt } = context.output('follow', Followed);
    const { now, with: target } = context;
    if (now() >= clearAt) return { kind: 'done', output: null };
    const { swapTtl } = serviceNow(context).dns;
    const note = `waiting for the TTL of ${swapTtl} s to run out; ${target.from.host} still serves those who ask it`;
    return waitUntil(context, clearAt, note);
  },
  ifInterrupted: 'run-again',
  waitMs: 48 * 60 * 60_000,
  typicalMs: 15_000,
});
