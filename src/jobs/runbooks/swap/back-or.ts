import { Failure } from '../../../domain/failure.ts';
import type { Outcome } from '../../model/runbook.ts';
import { mayReturn } from './may-return.ts';
import { type SwapContext, serviceNow } from './target.ts';

/**
 * What a failed step does: back at once where the site wants that and nothing forbids it, else people are asked. Before
 * anything was promoted, nothing can have been written on the new member.
 */
export async function backOr(
  context: SwapContext,
  problem: unknown,
  { promoted }: { readonly promoted: boolean },
): Promise<Outcome<never>> {
  if (!(problem instanceof Failure) || problem.effect !== 'none') throw problem;
  const service = serviceNow(context);
  const isFree = !promoted && service.automaticReturn.allowed;
  if (isFree) return { kind: 'turn-back', failure: problem };
  const may = await mayReturn(context, service, context.with.to.host);
  if (may.kind === 'no') throw problem;
  return { kind: 'turn-back', failure: problem };
}
