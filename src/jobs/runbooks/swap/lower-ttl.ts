import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { agreementOf, lagging } from '../../dns/agreement.ts';
import { defineStep, type Outcome } from '../../model/runbook.ts';
import type { CnameChange } from '../../ports/dns-zone.ts';
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
    if (!isLow) await changeTtl(context, target.from.pointsAt, swapTtl);
    const now = isLow ? look : await ports.dns.look(target.name, signal);
    const behind = lagging(now, { to: target.from.pointsAt, ttlS: swapTtl });
    if (behind.length > 0) return wait(behind);
    return { kind: 'done', output: { ...found, clearAt: later(found.ttlS * 1_000) } };
  },
  async undo(context) {
    if (context.intent === undefined) return { kind: 'done', output: null };
    const { ttlS } = Found.parse(context.intent);
    await changeTtl(context, context.with.from.pointsAt, ttlS);
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

/** Of the name as it points now. A Failure when it points elsewhere. */
export async function changeTtl(
  { with: { name }, ports, signal }: SwapContext,
  pointsAt: HostName,
  ttlS: number,
): Promise<void> {
  const wanted: CnameChange = { name, from: pointsAt, to: pointsAt, ttlS };
  const outcome = await ports.dns.change(wanted, signal);
  if (outcome.kind === 'changed') return;
  const found = outcome.found.map(({ type, value }) => `${value} (${type})`).join(', ');
  throw otherTarget(name, pointsAt, found || 'no such record');
}

function refuseOther({ with: { name, from } }: SwapContext, target: string): void {
  if (target !== from.pointsAt) throw otherTarget(name, from.pointsAt, target);
}

export function otherTarget(name: string, expected: string, found: string): Failure {
  return new Failure({
    code: 'swap.name-changed',
    problem: `${name} does not point where this operation left it`,
    because: `expected ${expected}, found ${found}: somebody else changed it`,
    effect: 'none',
    next: 'Nothing was changed. Find out who did it; put it back and retry, or roll back.',
  });
}
