import type { WantedClaim } from './held.ts';
import { type InterlockFacts, withBack } from './interlock-facts.ts';

/** An operation that waits for claims, and what it wants. */
export interface Waiter {
  readonly op: string;
  readonly claims: readonly WantedClaim[];
}

export interface InLine {
  /** From 1: nobody is before it. */
  readonly place: number;
  /** The one right before it, and what both want; absent in the first place. */
  readonly behind?: { readonly op: string; readonly of: string };
}

type Fits = (wanted: readonly WantedClaim[], facts: InterlockFacts) => boolean;
type Shares = (a: WantedClaim, b: WantedClaim) => boolean;

/**
 * Those that came before, want some of the same, and wait for nothing but operations. Whom a person keeps waiting (by a
 * lock set by hand, a freeze, a host taken out of service) keeps the place and lets others pass: no end of an operation
 * would help them. So of all that wait, the first always gets what it wants when the operations before it have ended.
 */
export function aheadOf(
  wanted: readonly WantedClaim[],
  facts: InterlockFacts,
  { fits, shares }: { readonly fits: Fits; readonly shares: Shares },
): readonly Waiter[] {
  const own = facts.waiting.findIndex(({ op }) => op === facts.op);
  const earlier = own < 0 ? facts.waiting : facts.waiting.slice(0, own);
  const idle = withoutOperations(facts);
  return earlier
    .filter(({ claims }) => claims.some((claim) => wanted.some((each) => shares(claim, each))))
    .filter(({ op, claims }) => fits(claims, { ...idle, op }));
}

/** As if what they wait for were theirs: whoever fits in beside that delays nobody. */
export function reserving(ahead: readonly Waiter[], facts: InterlockFacts): InterlockFacts {
  const reserved = ahead.flatMap(({ op, claims }) =>
    claims.map((claim) => ({ op, claim, since: 0 })),
  );
  return { ...facts, held: [...facts.held, ...reserved] };
}

/** What would be in the way if every operation had ended. */
export function withoutOperations(facts: InterlockFacts): InterlockFacts {
  const taken = new Set(
    facts.held.flatMap(({ op, claim }) => (op && claim.kind === 'budget' ? [claim.host] : [])),
  );
  const held = facts.held.filter(({ op }) => op === undefined);
  return { ...withBack(taken, facts), held };
}

/** `2nd in line for @builders behind op-9abc` */
export function lineInWords({ place, behind }: InLine): string | undefined {
  if (behind === undefined) return undefined;
  return `${ordinal(place)} in line for ${behind.of} behind ${behind.op}`;
}

function ordinal(place: number): string {
  const tens = place % 100;
  const suffix = tens > 10 && tens < 14 ? undefined : ['st', 'nd', 'rd'][(place % 10) - 1];
  return `${place}${suffix ?? 'th'}`;
}
