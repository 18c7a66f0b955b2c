import type { OpId } from '../../domain/ids.ts';
import type { Held } from '../../policies/held.ts';
import type { InterlockFacts } from '../../policies/interlock-facts.ts';
import { decideClaims, type Interlocked } from '../../policies/interlocks.ts';
import { lockHolder } from '../../policies/locks.ts';
import type { Claim } from '../model/plan.ts';

/** What an operation that holds something is; undefined where nobody knows. */
export type About = (op: OpId) => Promise<string | undefined>;

/** What a holder is is read only where its lock is in the way: there may be hundreds. */
export async function decideExplained(
  claims: readonly Claim[],
  facts: InterlockFacts,
  about: About,
): Promise<Interlocked> {
  const decided = decideClaims(claims, facts);
  if (decided.kind !== 'blocked' && decided.kind !== 'frozen') return decided;
  const inTheWay = claims.flatMap((claim) =>
    claim.kind === 'lock' ? (lockHolder(claim.key, facts) ?? []) : [],
  );
  if (inTheWay.length === 0) return decided;
  const held = facts.held.map((each) => (inTheWay.includes(each) ? withAbout(each, about) : each));
  return decideClaims(claims, { ...facts, held: await Promise.all(held) });
}

async function withAbout(holder: Held, about: About): Promise<Held> {
  const what = holder.op && (await about(holder.op as OpId));
  return what ? { ...holder, about: what } : holder;
}
