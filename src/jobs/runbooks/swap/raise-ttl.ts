import * as z from 'zod';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { changeName } from './change-name.ts';
import { DNS_SETTLES_MS } from './dns-settles.ts';
import { SwapTarget, serviceNow } from './target.ts';

/** The name lives as long as usual again. */
export const raiseTtl = defineStep({
  with: SwapTarget,
  output: z.null(),
  async run(context): Promise<Outcome<null>> {
    const { pointsAt } = context.with.to;
    await changeName(context, { from: pointsAt, to: pointsAt, ttlS: serviceNow(context).dns.ttl });
    return { kind: 'done', output: null };
  },
  async undo(context) {
    const { with: target, ports, signal } = context;
    const { swapTtl: ttlS } = serviceNow(context).dns;
    const { pointsAt } = target.to;
    await ports.dns.change({ name: target.name, from: pointsAt, to: pointsAt, ttlS }, signal);
    return { kind: 'done', output: null };
  },
  // The same change twice is the effect of one.
  ifInterrupted: 'run-again',
  settleMs: DNS_SETTLES_MS,
  typicalMs: 2_000,
});
