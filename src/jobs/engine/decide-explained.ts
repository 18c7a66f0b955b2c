import type { OpId } from '../../domain/ids.ts';
import type { Held } from '../../policies/held.ts';
import type { InterlockFacts } from '../../policies/interlock-facts.ts';
import { decideClaims, type Interlocked } from '../../policies/interlocks.ts';
import type { Claim } from '../model/plan.ts';

/** What an operation that holds something is; undefined where nobody knows. */
export type About = (op: OpId) => Promise<string | undefined>;

/** What the holders are is read only where one of them is in the way: there may be hundreds. */
export async function decideExplained(
  claims: readonly Claim[],
  facts: InterlockFacts,
  about: About,
): Promise<Interlocked> {
  const decided = decideClaims(claims, facts);
  if (!isHeldUp(decided, facts)) return decided;
  return decideClaims(claims, { ...facts, held: await explained(facts.held, about) });
}

/** By what is held, and not by freezes alone. */
function isHeldUp(decided: Interlocked, { frozen }: InterlockFacts): boolean {
  if (decided.kind !== 'blocked' && decided.kind !== 'frozen') return false;
  return decided.reasons.length > (frozen.kind === 'frozen' ? frozen.reasons.length : 0);
}

async function explained(held: readonly Held[], about: About): Promise<readonly Held[]> {
  return Promise.all(
    held.map(async (holder) => {
      const what = holder.op && (await about(holder.op as OpId));
      return what ? { ...holder, about: what } : holder;
    }),
  );
}
