import type { Append, OpRef } from '../../jobs/journal/journal.ts';
import { type Head, NO_ENTRIES } from '../store/chain.ts';

/** One operation as a store keeps it: its chain, and who holds it. */
export interface MemoryOperation {
  readonly ref: OpRef;
  readonly texts: string[];
  head: Head;
  ended: boolean;
  epoch: number;
  /** Of whoever acquired and has not released; still there when the lease has run out. */
  nonce: string | undefined;
  leaseEnd: number;
  /** What its holder was told of the one before. */
  interrupted: boolean;
  /** Somebody appended or woke it before its holder let go, so that the holder may not have seen why. */
  poked: boolean;
  /** Milliseconds since 1970. */
  due: number | undefined;
}

export function newOperation(ref: OpRef): MemoryOperation {
  return {
    ref,
    texts: [],
    head: NO_ENTRIES,
    ended: false,
    epoch: 0,
    nonce: undefined,
    leaseEnd: 0,
    interrupted: false,
    poked: false,
    due: undefined,
  };
}

function isHeld(operation: MemoryOperation, now: number): boolean {
  return operation.nonce !== undefined && operation.leaseEnd > now;
}

export function isHolder(operation: MemoryOperation, nonce: string, epoch: number): boolean {
  return operation.nonce === nonce && operation.epoch === epoch;
}

/** Somebody has to look at it at once, or as soon as its holder lets go. */
export function wake(operation: MemoryOperation, now: number): void {
  if (operation.ended) return;
  // Also a holder whose lease has run out may still let go, without having seen why.
  operation.poked = operation.nonce !== undefined;
  if (!isHeld(operation, now)) operation.due = now;
}

/** When it is due after an append: unchanged for its holder, whose release decides. */
export function reschedule(operation: MemoryOperation, what: Append, now: number): void {
  if (what.epoch !== undefined || operation.ended) return;
  wake(operation, now);
  if (isHeld(operation, now) || what.dueInMs === undefined) return;
  operation.due = what.dueInMs === null ? undefined : now + what.dueInMs;
}

/** False when somebody holds it, or when there is nothing left to do. */
export function take(operation: MemoryOperation, nonce: string, leaseEnd: number, now: number) {
  if (operation.ended || isHeld(operation, now)) return false;
  const interrupted = operation.nonce !== undefined;
  Object.assign(operation, { nonce, leaseEnd, interrupted, due: leaseEnd, poked: false });
  operation.epoch += 1;
  return true;
}

export function letGo(operation: MemoryOperation, dueInMs: number | null, now: number): void {
  operation.nonce = undefined;
  if (operation.ended) return;
  const inMs = operation.poked ? 0 : dueInMs;
  operation.due = inMs === null ? undefined : now + inMs;
}

/** As if it had not been taken. */
export function giveBack(operation: MemoryOperation, dueInMs: number, now: number): void {
  const { nonce, interrupted } = operation;
  letGo(operation, dueInMs, now);
  if (interrupted) Object.assign(operation, { nonce, leaseEnd: now });
}

/** Whoever holds it never lets go of it cleanly, so the next one finds out what was under way. */
export function takeOver(operation: MemoryOperation, now: number): void {
  operation.epoch += 1;
  if (operation.nonce !== undefined)
    Object.assign(operation, { nonce: 'taken over', leaseEnd: now });
}
