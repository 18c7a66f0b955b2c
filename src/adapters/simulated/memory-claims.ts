import type { OpId } from '../../domain/ids.ts';
import { FIRST_REVISION, revisionAfter } from '../../jobs/journal/claims-revision.ts';
import type { ClaimsView } from '../../jobs/journal/journal.ts';
import {
  type ClaimEffect,
  claimOf,
  hasEnded,
  heldByHand,
  heldByOp,
  inOrder,
  type KeptLock,
  sharesWith,
  waitingOf,
} from '../store/claim-effects.ts';

const MOST_WOKEN = 8;

/** The claims of one zone. What is freed makes no grant wrong, so it changes no revision. */
export function memoryClaims() {
  const held = new Map<OpId, Map<string, number>>();
  const byHand = new Map<string, KeptLock>();
  const queue = new Map<OpId, { readonly since: number; readonly claims: readonly string[] }>();
  let revision = FIRST_REVISION;

  function take(op: OpId, claims: readonly string[], now: number): void {
    const own = held.get(op) ?? new Map<string, number>();
    const fresh = claims.filter((claim) => !own.has(claim));
    if (fresh.length === 0) return;
    for (const claim of fresh) own.set(claim, now);
    held.set(op, own);
    revision = revisionAfter(revision, op);
  }

  function free(op: OpId, claims: Iterable<string>): readonly string[] {
    const own = held.get(op);
    if (own === undefined) return [];
    const freed = [...claims].filter((claim) => own.delete(claim));
    if (own.size === 0) held.delete(op);
    return freed;
  }

  function keep(
    { key, lock }: Extract<ClaimEffect, { kind: 'kept' }>,
    now: number,
  ): readonly OpId[] {
    if (lock) byHand.set(key, { ...lock, since: now });
    else byHand.delete(key);
    return [];
  }

  /** Whoever stood behind has another place now. */
  function leaveQueue(op: OpId): readonly string[] {
    const { claims } = queue.get(op) ?? { claims: [] };
    queue.delete(op);
    return claims;
  }

  function waitFor(freed: readonly string[]): readonly OpId[] {
    const claims = freed.map(claimOf);
    const wanting = [...queue].filter(([, waiter]) => {
      const wanted = waiter.claims.map(claimOf);
      return (
        wanted.length === 0 || wanted.some((one) => claims.some((each) => sharesWith(each, one)))
      );
    });
    return freed.length === 0 ? [] : wanting.map(([op]) => op).slice(0, MOST_WOKEN);
  }

  return {
    get revision() {
      return revision;
    },
    /** Operations whose last word on claims was that they wait for them. */
    waiting: (): readonly OpId[] => [...queue.keys()],
    /** Whom to wake: the first of those that want some of what it freed. */
    apply(op: OpId, effect: ClaimEffect, now: number): readonly OpId[] {
      if (effect.kind === 'kept') return keep(effect, now);
      const { kind, claims } = effect;
      switch (kind) {
        case 'claims-awaited':
          queue.set(op, { since: queue.get(op)?.since ?? now, claims });
          return [];
        case 'claimed':
          take(op, claims, now);
          return waitFor(leaveQueue(op));
        case 'released':
          return waitFor(free(op, claims));
        case 'taken-over':
          return [];
        case 'ended':
          return waitFor([...leaveQueue(op), ...free(op, [...(held.get(op)?.keys() ?? [])])]);
        default:
          return kind satisfies never;
      }
    },
    lock(key: string, lock: KeptLock): void {
      byHand.set(key, lock);
      revision = revisionAfter(revision, 'hand');
    },
    /** True when there was such a lock. */
    unlock(key: string): boolean {
      const freed = byHand.delete(key);
      if (freed) revision = revisionAfter(revision, 'hand');
      return freed;
    },
    /** True when a lock by hand has ended. */
    freeEnded(now: number): boolean {
      const over = [...byHand].filter(([, lock]) => hasEnded(lock, now));
      for (const [key] of over) byHand.delete(key);
      return over.length > 0;
    },
    view(now: number): ClaimsView {
      const ofOps = [...held].flatMap(([op, claims]) => heldByOp(op, [...claims]));
      const current = [...byHand].filter(([, lock]) => !hasEnded(lock, now));
      const ofHands = current.map(([key, lock]) => heldByHand(key, lock));
      const waiting = [...queue].map(([op, { since, claims }]) => waitingOf(op, since, claims));
      return { revision, held: inOrder([...ofOps, ...ofHands]), waiting };
    },
  };
}
