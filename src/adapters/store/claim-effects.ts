import canonicalize from 'canonicalize';
import { type OpId, OpId as OpIds } from '../../domain/ids.ts';
import type { HeldClaim } from '../../jobs/journal/journal.ts';
import type { JournalEvent } from '../../jobs/model/event.ts';
import { Claim } from '../../jobs/model/plan.ts';

/** What one event does to the claims of its zone, in words that a script can act on. */
export interface ClaimEffect {
  readonly kind: 'claimed' | 'released' | 'claims-awaited' | 'ended';
  /** In the form under which claims are kept: canonical, so that equal claims have equal texts. */
  readonly claims: readonly string[];
}

export function claimEffects(events: readonly JournalEvent[]): ClaimEffect[] {
  return events.flatMap((event) => effectOf(event) ?? []);
}

function effectOf(event: JournalEvent): ClaimEffect | undefined {
  if (event.kind === 'claimed' || event.kind === 'released') {
    return { kind: event.kind, claims: event.claims.map(claimText) };
  }
  if (event.kind === 'claims-awaited' || event.kind === 'ended') {
    return { kind: event.kind, claims: [] };
  }
  return undefined;
}

function claimText(claim: Claim): string {
  return canonicalize(claim) ?? '';
}

/** The claims that an operation holds, by text, with since when. */
export type ClaimsOfOp = readonly (readonly [text: string, since: number])[];
export type LockByHand = { readonly by: string; readonly because: string; readonly since: number };

export function heldByOp(op: string, claims: ClaimsOfOp): HeldClaim[] {
  const id: OpId = OpIds.parse(op);
  return claims.map(([text, since]) => ({ op: id, claim: Claim.parse(JSON.parse(text)), since }));
}

export function heldByHand(key: string, { by, because, since }: LockByHand): HeldClaim {
  return { claim: { kind: 'lock', key }, since, byHand: { by, because } };
}

/** Oldest first; claims taken together in the order of their texts. */
export function inOrder(held: readonly HeldClaim[]): HeldClaim[] {
  const key = ({ claim, op }: HeldClaim) => `${claimText(claim)} ${op}`;
  return held.toSorted((a, b) => a.since - b.since || (key(a) < key(b) ? -1 : 1));
}
