import type { OpId } from '../../domain/ids.ts';
import { FIRST_REVISION, revisionAfter } from '../../jobs/journal/claims-revision.ts';
import type { ClaimsView } from '../../jobs/journal/journal.ts';
import {
  type ClaimEffect,
  heldByHand,
  heldByOp,
  inOrder,
  type LockByHand,
} from '../store/claim-effects.ts';

/** The claims of one zone. What is freed makes no grant wrong, so it changes no revision. */
export function memoryClaims() {
  const held = new Map<OpId, Map<string, number>>();
  const byHand = new Map<string, LockByHand>();
  const awaiting = new Set<OpId>();
  let revision = FIRST_REVISION;

  function take(op: OpId, claims: readonly string[], now: number): void {
    const own = held.get(op) ?? new Map<string, number>();
    const fresh = claims.filter((claim) => !own.has(claim));
    if (fresh.length === 0) return;
    for (const claim of fresh) own.set(claim, now);
    held.set(op, own);
    revision = revisionAfter(revision, op);
  }

  function free(op: OpId, claims: Iterable<string>): boolean {
    const own = held.get(op);
    if (own === undefined) return false;
    const freed = [...claims].filter((claim) => own.delete(claim)).length > 0;
    if (own.size === 0) held.delete(op);
    return freed;
  }

  return {
    get revision() {
      return revision;
    },
    /** Operations whose last word on claims was that they wait for them. */
    awaiting: awaiting as ReadonlySet<OpId>,
    /** True when it freed something. */
    apply(op: OpId, { kind, claims }: ClaimEffect, now: number): boolean {
      if (kind === 'claims-awaited') awaiting.add(op);
      if (kind === 'claimed' || kind === 'ended') awaiting.delete(op);
      if (kind === 'claimed') take(op, claims, now);
      if (kind === 'released') return free(op, claims);
      return kind === 'ended' && free(op, [...(held.get(op)?.keys() ?? [])]);
    },
    lock(key: string, lock: LockByHand): void {
      byHand.set(key, lock);
      revision = revisionAfter(revision, 'hand');
    },
    /** True when there was such a lock. */
    unlock(key: string): boolean {
      const freed = byHand.delete(key);
      if (freed) revision = revisionAfter(revision, 'hand');
      return freed;
    },
    view(): ClaimsView {
      const ofOps = [...held].flatMap(([op, claims]) => heldByOp(op, [...claims]));
      const ofHands = [...byHand].map(([key, lock]) => heldByHand(key, lock));
      return { revision, held: inOrder([...ofOps, ...ofHands]) };
    },
  };
}
