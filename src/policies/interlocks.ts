import {
  aheadOf,
  type InLine,
  lineInWords,
  reserving,
  type Waiter,
  withoutOperations,
} from './claim-queue.ts';
import type { WantedClaim } from './held.ts';
import { type InterlockFacts, others } from './interlock-facts.ts';
import { clash, judgeLock, lockName } from './locks.ts';
import { judgeBudget } from './pool-budget.ts';
import type { Verdict } from './verdict.ts';

export type Interlocked =
  | { readonly kind: 'grant' }
  /** In the order of the claims; last, who stands in line before it. */
  | { readonly kind: 'blocked'; readonly reasons: readonly string[]; readonly place: number }
  /** Freezes first, then what else is in the way. It is in nobody's way meanwhile, and keeps its place. */
  | { readonly kind: 'frozen'; readonly reasons: readonly string[] }
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * Whether all claims may be taken together beside those that are held, without delaying those that came before. All or
 * nothing: nobody ever waits with something in hand, so nobody waits for somebody who waits. Not knowing is no yes.
 */
export function decideClaims(wanted: readonly WantedClaim[], facts: InterlockFacts): Interlocked {
  const now = besideHeld(wanted, facts);
  const { frozen } = facts;
  if (frozen.kind === 'frozen') {
    return {
      kind: 'frozen',
      reasons: [...frozen.reasons, ...('reasons' in now ? now.reasons : [])],
    };
  }
  if ('unknown' in now) return { kind: 'unknown', because: now.unknown };
  if (frozen.kind === 'unknown') return frozen;
  const ahead = aheadOf(wanted, facts, { fits, shares: sharing(facts) });
  const passes = ahead.length === 0 || delaysNobody(wanted, ahead, facts);
  if (now.reasons.length === 0 && passes) return { kind: 'grant' };
  const line = inLine(wanted, ahead, facts);
  const said = lineInWords(line);
  return { kind: 'blocked', reasons: [...now.reasons, ...(said ? [said] : [])], place: line.place };
}

function inLine(
  wanted: readonly WantedClaim[],
  ahead: readonly Waiter[],
  facts: InterlockFacts,
): InLine {
  const last = ahead.at(-1);
  if (last === undefined) return { place: 1 };
  const shares = sharing(facts);
  const both = wanted.find((one) => last.claims.some((other) => shares(one, other)));
  const behind = both && { op: last.op, of: wantedName(both) };
  return { place: ahead.length + 1, ...(behind && { behind }) };
}

function wantedName(claim: WantedClaim): string {
  if (claim.kind === 'lock') return lockName(claim.key);
  return claim.kind === 'budget' ? `@${claim.pool}` : claim.of;
}

function sharing(facts: InterlockFacts) {
  return (a: WantedClaim, b: WantedClaim): boolean => {
    if (a.kind === 'lock') return b.kind === 'lock' && clash(a.key, b.key, facts);
    if (a.kind === 'budget') return b.kind === 'budget' && a.pool === b.pool;
    return b.kind === 'amount' && a.of === b.of;
  };
}

/** Neither now nor when what is held now has been freed: a host that is away already costs nothing only until then. */
function delaysNobody(
  wanted: readonly WantedClaim[],
  ahead: readonly Waiter[],
  facts: InterlockFacts,
): boolean {
  return [facts, withoutOperations(facts)].every((each) => fits(wanted, reserving(ahead, each)));
}

/** Unknown may become a yes. */
function fits(wanted: readonly WantedClaim[], facts: InterlockFacts): boolean {
  const now = besideHeld(wanted, facts);
  return 'unknown' in now || now.reasons.length === 0;
}

function besideHeld(
  wanted: readonly WantedClaim[],
  facts: InterlockFacts,
): { readonly reasons: readonly string[] } | { readonly unknown: string } {
  const verdicts = wanted
    .map((claim, index) => judge(claim, beside(wanted.slice(0, index), facts)))
    .filter((one) => one !== undefined);
  const reasons = verdicts.flatMap((verdict) => ('blocked' in verdict ? [verdict.blocked] : []));
  if (reasons.length > 0) return { reasons };
  const silent = verdicts.find((verdict) => 'unknown' in verdict);
  return silent ?? { reasons };
}

/** As if these were granted already: two claims that fit one by one need not fit together. */
function beside(earlier: readonly WantedClaim[], facts: InterlockFacts): InterlockFacts {
  const counted = earlier.filter(({ kind }) => kind !== 'lock');
  const held = counted.map((claim) => ({ op: 'wanted by the same operation', claim, since: 0 }));
  return { ...facts, held: [...facts.held, ...held] };
}

function judge(claim: WantedClaim, facts: InterlockFacts): Verdict {
  switch (claim.kind) {
    case 'lock':
      return judgeLock(claim.key, facts);
    case 'budget':
      return judgeBudget(claim, facts);
    case 'amount':
      return judgeAmount(claim, facts);
    default:
      return claim satisfies never;
  }
}

function judgeAmount(
  { of, units }: Extract<WantedClaim, { kind: 'amount' }>,
  facts: InterlockFacts,
): Verdict {
  const capacity = facts.capacityOf(of);
  if (capacity === undefined) return { unknown: `nobody knows how much there is of ${of}` };
  const taken = others(facts).reduce(
    (sum, { claim }) => (claim.kind === 'amount' && claim.of === of ? sum + claim.units : sum),
    0,
  );
  if (taken + units <= capacity) return undefined;
  return { blocked: `${of} has ${capacity - taken} of ${capacity} left, ${units} are needed` };
}
