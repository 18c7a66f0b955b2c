import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { defineStep, type Outcome, type Probed } from '../../model/runbook.ts';
import type { NameLook } from '../../ports/dns-zone.ts';
import { backOr, goesBack } from './back-or.ts';
import { changeName } from './change-name.ts';
import { DNS_SETTLES_MS } from './dns-settles.ts';
import { type SwapContext, SwapTarget, serviceNow } from './target.ts';

/** `clearAt`: from then on no resolver has the old target any more, once every server follows. */
export const Pointed = z.strictObject({ to: z.string(), clearAt: z.number() });
type Pointed = z.infer<typeof Pointed>;
const Before = z.strictObject({ from: z.string(), ttlS: z.int() });

/**
 * Points the name at the new member: one comparison and exchange, read back from the server that takes changes. It is
 * refused there when the name is not what this operation left.
 */
export const pointName = defineStep({
  with: SwapTarget,
  output: Pointed,
  async run(context): Promise<Outcome<Pointed>> {
    const { from, to } = context.with;
    const { swapTtl } = serviceNow(context).dns;
    await context.intend({ from: from.pointsAt, ttlS: swapTtl });
    try {
      await changeName(context, { from: from.pointsAt, to: to.pointsAt, ttlS: swapTtl });
    } catch (problem) {
      return backOr(context, problem, sinceThen(context));
    }
    return { kind: 'done', output: pointed(context) };
  },
  async undo(context) {
    if (context.intent === undefined) return { kind: 'done', output: null };
    const { ttlS } = Before.parse(context.intent);
    const { from, to, name } = context.with;
    const shown = primaryTarget(await context.ports.dns.look(name, context.signal));
    if (shown !== from.pointsAt) {
      await changeName(context, { from: to.pointsAt, to: from.pointsAt, ttlS });
    }
    return { kind: 'done', output: null };
  },
  async probe(context): Promise<Probed<Pointed>> {
    const { with: target, ports, signal } = context;
    const shown = primaryTarget(await ports.dns.look(target.name, signal));
    if (shown === target.to.pointsAt) return { kind: 'done', output: pointed(context) };
    if (shown === target.from.pointsAt) {
      return { kind: 'not-done', turnBack: await goesBack(context, sinceThen(context)) };
    }
    return { kind: 'unknown', because: `the name points at ${shown ?? 'nothing that is known'}` };
  },
  ifInterrupted: 'ask',
  retry: { tries: 1, backoffMs: 0 },
  settleMs: DNS_SETTLES_MS,
  typicalMs: 2_000,
});

/** Units that may run once were started on the new member before the name was to change. */
function sinceThen(context: SwapContext): { readonly promoted: boolean } {
  return { promoted: serviceNow(context).units.one.length > 0 };
}

function pointed(context: SwapContext): Pointed {
  const { swapTtl } = serviceNow(context).dns;
  return { to: context.with.to.pointsAt, clearAt: context.later(swapTtl * 1_000) };
}

/** What the server that takes changes shows. A Failure when it does not answer: nobody knows then. */
function primaryTarget({ name, servers: [primary] }: NameLook): string | undefined {
  if (primary.kind === 'answered') return primary.records[0]?.value;
  throw new Failure({
    code: 'swap.name-unknown',
    problem: `nobody knows where ${name} points`,
    because: `${primary.server}: ${primary.because}`,
    effect: 'none',
    next: 'Wait until the server answers again.',
  });
}
