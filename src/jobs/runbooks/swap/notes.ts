import type { SwapFacts } from './facts.ts';

/** What stopping a unit, starting it elsewhere and changing the name take, in seconds, where all goes as it should. */
const USUAL_GAP_S = 10;

/** What whoever approves a swap has to know, a line each. */
export function swapNotes(facts: SwapFacts): readonly string[] {
  const { from, to } = facts;
  return [`from ${from.host} to ${to.host}`, ...gap(facts), automatic(facts), unreachable(facts)];
}

function gap({ units, from, to, swapTtl }: SwapFacts): readonly string[] {
  if (units.length === 0) return [];
  return [
    `${units.join(', ')} runs nowhere for about ${USUAL_GAP_S} s between ${from.host} and ${to.host}; clients that have the old address, for at most ${swapTtl} s more`,
  ];
}

function automatic({ automatic: when, units, from, to }: SwapFacts): string {
  if (when === 'no')
    return 'never goes back by itself: when a test fails after the swap, people are asked';
  if (when === 'always')
    return `goes back to ${from.host} by itself when a test fails after the swap`;
  const since = units.length > 0 ? 'start-units' : 'swap';
  return `goes back to ${from.host} by itself when a test fails after the swap, until something is written on ${to.host} (after ${since}): then people are asked`;
}

function unreachable({ units, from, fences }: SwapFacts): string {
  const cannot = `if ${from.host} cannot be reached`;
  if (units.length === 0)
    return `${cannot}, the name is swapped all the same, and it is not updated`;
  if (fences.length === 0) return `${cannot}, nothing is promoted: no fence is described`;
  return `${cannot}, it is fenced by ${fences.join(' or ')} first; without a proof nothing is promoted`;
}
