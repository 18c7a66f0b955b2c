import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { lagging } from '../../dns/agreement.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { backOr } from './back-or.ts';
import { Pointed } from './point-name.ts';
import { SwapTarget, serviceNow } from './target.ts';

/** A secondary is told at once, or asks within its refresh time. */
const PATIENCE_MS = 2 * 60_000;
const Memo = z.strictObject({ until: z.number() });
/** Later than what the swap itself said where servers took their time. */
export const Followed = z.strictObject({ clearAt: z.number() });

/** Sees every authoritative server show the change, itself and not through a resolver. */
export const follow = defineStep({
  with: SwapTarget,
  output: Followed,
  async run(context): Promise<Outcome<z.infer<typeof Followed>>> {
    const { with: target, ports, later, now, signal } = context;
    const { swapTtl } = serviceNow(context).dns;
    const { until } = context.memo ? Memo.parse(context.memo) : { until: later(PATIENCE_MS) };
    const { to } = context.output('swap', Pointed);
    const look = await ports.dns.look(target.name, signal);
    const behind = lagging(look, { to: target.to.pointsAt, ttlS: swapTtl });
    if (behind.length === 0) return { kind: 'done', output: { clearAt: later(swapTtl * 1_000) } };
    if (now() >= until) return backOr(context, notFollowing(target.name, to, behind), PROMOTED);
    const note = `waiting for every server to follow: ${behind.join('; ')}`;
    return { kind: 'wait', wake: { afterMs: 1_000 }, memo: { until }, note };
  },
  ifInterrupted: 'run-again',
  retry: { tries: 1, backoffMs: 0 },
  waitMs: 10 * 60_000,
  typicalMs: 2_000,
});

const PROMOTED = { promoted: true } as const;

function notFollowing(name: string, to: string, behind: readonly string[]): Failure {
  return new Failure({
    code: 'swap.not-following',
    problem: `not every server shows ${name} at ${to}`,
    because: behind.join('; '),
    effect: 'none',
    next: 'Clients are served by both members. Mend that server and retry, or roll back.',
  });
}
