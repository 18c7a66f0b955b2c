import canonicalize from 'canonicalize';
import type { OpId } from '../../domain/ids.ts';
import type { HeldClaim, WaitingOp } from '../../jobs/journal/journal.ts';
import type { EventOf, JournalEvent } from '../../jobs/model/event.ts';
import { Claim } from '../../jobs/model/plan.ts';
import type { ByHand } from '../../policies/held.ts';

/** What one event does to the claims of its zone, or to who holds its operation, in words that a script can act on. */
export type ClaimEffect = OfClaims | Kept;

interface OfClaims {
  readonly kind: 'claimed' | 'released' | 'claims-awaited' | 'taken-over' | 'ended';
  /** In the form under which claims are kept: canonical, so that equal claims have equal texts. */
  readonly claims: readonly string[];
}

/** Beside the locks by hand, with the time of the append; without a lock it is there no more. */
interface Kept {
  readonly kind: 'kept';
  readonly key: string;
  readonly lock?: ByHand;
}

export function claimEffects(events: readonly JournalEvent[]): ClaimEffect[] {
  return events.flatMap((event): readonly ClaimEffect[] => {
    if (event.kind === 'failures-counted') return keptOf(event);
    const effect = effectOf(event);
    return effect ? [effect] : [];
  });
}

const BY = 'signalbox';

function keptOf({ host, inARow, quarantined }: EventOf<'failures-counted'>): readonly Kept[] {
  const failures = { by: BY, because: 'it failed', times: inARow };
  const counted: Kept = {
    kind: 'kept',
    key: `failures/${host}`,
    ...(inARow > 0 && { lock: failures }),
  };
  if (quarantined === undefined) return [counted];
  return [counted, { kind: 'kept', key: `quarantine/${host}`, lock: { by: BY, ...quarantined } }];
}

function effectOf(event: JournalEvent): OfClaims | undefined {
  if (event.kind === 'claimed' || event.kind === 'released') {
    return { kind: event.kind, claims: event.claims.map(claimText) };
  }
  if (event.kind === 'claims-awaited') {
    return { kind: event.kind, claims: (event.claims ?? []).map(claimText) };
  }
  if (event.kind === 'ended' || event.kind === 'taken-over')
    return { kind: event.kind, claims: [] };
  return undefined;
}

/**
 * Whether a claim that is freed may be what another one waits for. A lock on a pool covers hosts that only the inventory
 * knows, so it counts for every lock.
 */
export function sharesWith(freed: Claim, wanted: Claim): boolean {
  if (freed.kind === 'budget') return wanted.kind === 'budget' && wanted.pool === freed.pool;
  if (freed.kind === 'amount') return wanted.kind === 'amount' && wanted.of === freed.of;
  if (wanted.kind !== 'lock') return false;
  return freed.key === wanted.key || isPool(freed.key) || isPool(wanted.key);
}

function isPool(key: string): boolean {
  return key.startsWith('pool/');
}

export function claimOf(text: string): Claim {
  return Claim.parse(JSON.parse(text));
}

function claimText(claim: Claim): string {
  return canonicalize(claim) ?? '';
}

/** The claims that an operation holds, by text, with since when. */
export type ClaimsOfOp = readonly (readonly [text: string, since: number])[];
export type KeptLock = ByHand & { readonly since: number };

/** Whether a lock set by hand has an end, and that has come. */
export function hasEnded(lock: Pick<ByHand, 'until'> | undefined, now: number): boolean {
  return lock?.until !== undefined && lock.until <= now;
}

export function waitingOf(op: OpId, since: number, claims: readonly string[]): WaitingOp {
  return { op, since, claims: claims.map(claimOf) };
}

export function heldByOp(op: OpId, claims: ClaimsOfOp): HeldClaim[] {
  return claims.map(([text, since]) => ({ op, claim: claimOf(text), since }));
}

export function heldByHand(key: string, { since, ...byHand }: KeptLock): HeldClaim {
  return { claim: { kind: 'lock', key }, since, byHand };
}

/** Oldest first; claims taken together in the order of their texts. */
export function inOrder(held: readonly HeldClaim[]): HeldClaim[] {
  const key = ({ claim, op }: HeldClaim) => `${claimText(claim)} ${op}`;
  return held.toSorted((a, b) => a.since - b.since || (key(a) < key(b) ? -1 : 1));
}
