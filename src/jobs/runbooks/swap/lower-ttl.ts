import * as z from 'zod';
import { agreementOf, lagging } from '../../dns/agreement.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import { changeName, otherTarget } from './change-name.ts';
import { DNS_SETTLES_MS } from './dns-settles.ts';
import { type SwapContext, SwapTarget, serviceNow } from './target.ts';

const Found = z.strictObject({ ttlS: z.int() });
/** `clearAt`: from then on no resolver has the old TTL any more, in milliseconds since 1970. */
export const Lowered = z.strictObject({ ttlS: z.int(), clearAt: z.number() });
type Lowered = z.infer<typeof Lowered>;

/** Makes the name short-lived, so that few clients go to the old member for long, and those not for long. */
export const lowerTtl = defineStep({
  with: SwapTarget,
  output: Lowered,
  async run(context): Promise<Outcome<Lowered>> {
    const { with: target, intend, ports, later, signal } = context;
    const { swapTtl } = serviceNow(context).dns;
    const look = await ports.dns.look(target.name, signal);
    const agreement = agreementOf(look);
    if (agreement.kind === 'agreed') refuseOther(context, agreement.target);
    const found = Found.parse(
      await intend({ ttlS: agreement.kind === 'agreed' ? agreement.ttlS : swapTtl }),
    );
    if (found.ttlS <= swapTtl) return { kind: 'done', output: { ...found, clearAt: later(0) } };
    const [primary] = look.servers;
    const isLow = primary.kind === 'answered' && primary.records[0]?.ttlS === swapTtl;
    if (!isLow) await changeTtl(context, swapTtl);
    const now = isLow ? look : await ports.dns.look(target.name, signal);
    const behind = lagging(now, { to: target.from.pointsAt, ttlS: swapTtl });
    if (behind.length > 0) return wait(behind);
    return { kind: 'done', output: { ...found, clearAt: later(found.ttlS * 1_000) } };
  },
  async undo(context) {
    if (context.intent === undefined) return { kind: 'done', output: null };
    const { ttlS } = Found.parse(context.intent);
    await changeTtl(context, ttlS);
    return { kind: 'done', output: null };
  },
  ifInterrupted: 'run-again',
  settleMs: DNS_SETTLES_MS,
  waitMs: 10 * 60_000,
  typicalMs: 3_000,
});

function wait(behind: readonly string[]): Outcome<never> {
  const note = `waiting for every server to have the low TTL: ${behind.join('; ')}`;
  return { kind: 'wait', wake: { afterMs: 1_000 }, memo: null, note };
}

async function changeTtl(context: SwapContext, ttlS: number): Promise<void> {
  const { pointsAt } = context.with.from;
  await changeName(context, { from: pointsAt, to: pointsAt, ttlS });
}

function refuseOther({ with: { name, from } }: SwapContext, target: string): void {
  if (target !== from.pointsAt) throw otherTarget(name, from.pointsAt, target);
}
