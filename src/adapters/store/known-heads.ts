import type { OpId } from '../../domain/ids.ts';
import type { Head } from './chain.ts';

/** More operations than a worker works on at a time: what is over these was abandoned, and nobody comes to say so. */
const KEPT = 1_000;

/**
 * Where the chains of the operations that we hold ended when we last looked, so that an append takes one round trip. Where
 * one is not known it takes two.
 */
export interface KnownHeads {
  find(op: OpId): Head | undefined;
  /** We hold it from now on. */
  hold(op: OpId, head: Head): void;
  /** Kept where we hold it. */
  moved(op: OpId, head: Head): void;
  letGo(op: OpId): void;
}

export function knownHeads(): KnownHeads {
  const heads = new Map<OpId, Head>();
  return {
    find: (op) => heads.get(op),
    hold(op, head) {
      heads.delete(op);
      const [oldest] = heads.keys();
      if (oldest !== undefined && heads.size >= KEPT) heads.delete(oldest);
      heads.set(op, head);
    },
    moved(op, head) {
      if (heads.has(op)) heads.set(op, head);
    },
    letGo(op) {
      heads.delete(op);
    },
  };
}
