import { Failure } from '../../../domain/failure.ts';
import type { Outcome } from '../../model/runbook.ts';
import { mayReturn } from './may-return.ts';
import { type SwapContext, serviceNow } from './target.ts';

/** Whether a failed step may send everything back at once: the site wants that, and nothing forbids it. */
export async function goesBack(
  context: SwapContext,
  { promoted }: { readonly promoted: boolean },
): Promise<boolean> {
  const service = serviceNow(context);
  // Before anything was promoted, nothing can have been written on the new member.
  if (!promoted && service.automaticReturn.allowed) return true;
  const may = await mayReturn(context, service, context.with.to.host);
  return may.kind === 'yes';
}

/** What a step does that failed without effect: back at once where that may be, else people are asked. */
export async function backOr(
  context: SwapContext,
  problem: unknown,
  since: { readonly promoted: boolean },
): Promise<Outcome<never>> {
  if (!(problem instanceof Failure) || problem.effect !== 'none') throw problem;
  if (!(await goesBack(context, since))) throw problem;
  return { kind: 'turn-back', failure: problem };
}
