import type { OpId, ZoneName } from '../../domain/ids.ts';
import type { ByHand } from '../../policies/held.ts';
import type { Author, Entry, JournalEvent, Signature, Source } from '../model/event.ts';
import type { Claim } from '../model/plan.ts';

/** Where an operation's keys live. Its zone never changes. */
export interface OpRef {
  readonly op: OpId;
  readonly zone: ZoneName;
}

export interface Append {
  readonly events: readonly JournalEvent[];
  readonly by: Author;
  readonly source?: Source;
  /** One for each event. */
  readonly signatures?: readonly Signature[];
  /** The decision was taken on a journal of this many entries. 0 creates the operation. */
  readonly seq?: number;
  /** The author holds the lease of this epoch. */
  readonly epoch?: number;
  /** The decision on claims was taken on this revision of the zone's claims. */
  readonly claims?: string;
  /**
   * When somebody has to look again, from now by the store's clock; absent: at once; `null`: nobody until something is
   * appended. It counts only where nobody holds the lease. With `epoch` the author's `release` decides instead; without,
   * the operation is due at once when the holder lets go, whatever the holder says, because it may not have seen this.
   */
  readonly dueInMs?: number | null;
  /** Also into a store that is read-only, before it is let go on. */
  readonly evenReadOnly?: true;
  /** Operations of the same zone that become due now. */
  readonly wake?: readonly OpId[];
}

export type Appended =
  | { readonly kind: 'ok'; readonly entries: readonly Entry[]; readonly claimsRevision: string }
  | { readonly kind: 'seq-moved' | 'lease-lost' | 'claims-moved' | 'seen-before' };

export interface HeldClaim {
  /** Absent for a lock set by hand. */
  readonly op?: OpId;
  readonly claim: Claim;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** A lock set by hand says who and why; an operation's claim is explained by its operation. */
  readonly byHand?: ByHand;
}

export interface LockByHand extends ByHand {
  readonly key: string;
}

/** An operation that waits for claims. It has its place until it takes them or ends. */
export interface WaitingOp {
  readonly op: OpId;
  readonly since: number;
  /** What it wants; empty of one that a version before this wrote. */
  readonly claims: readonly Claim[];
}

export interface ClaimsView {
  /** Another one after each claim that is taken and each lock by hand; see `revisionAfter`. */
  readonly revision: string;
  readonly held: readonly HeldClaim[];
  /** In the order they came. */
  readonly waiting: readonly WaitingOp[];
}

export interface Lease {
  readonly epoch: number;
  /** The one before us did not let go: it died, froze or was cut off inside a call. */
  readonly interrupted: boolean;
  /** By our own monotonic clock (`performance.now()`), counted from before the request was sent. */
  readonly deadline: number;
}

/**
 * The record of every operation. One script commits events, claims, the due time, wake-ups and the entry in the
 * installation-wide feed together, or nothing of it. A decision is guarded by `seq`. A step's outcome is guarded by
 * `epoch` alone: a cancel that came in meanwhile must not make it disappear. `claims` guards the revision that a pure
 * interlock decision was taken on; moved means decide again.
 */
export interface Journal {
  append(ref: OpRef, what: Append): Promise<Appended>;
  /** Every entry from `from` (0 when absent); empty for an operation that is not there. Throws a Failure when the chain is broken. */
  read(ref: OpRef, from?: number): Promise<readonly Entry[]>;
  /** The zone an operation lives in, or undefined where there is none of that id. */
  find(op: OpId): Promise<OpRef | undefined>;
  /** Operations that have not ended, newest first; all when there is no limit. There may be thousands. */
  open(limit?: number): Promise<readonly OpRef[]>;
  countOpen(): Promise<number>;
  /** How many entries each of them has, without reading any; 0 for an operation that is not there. */
  lengths(refs: readonly OpRef[]): Promise<readonly number[]>;
  /** The latest operations, ended ones too, newest first. */
  recent(limit: number): Promise<readonly OpRef[]>;
  claims(zone: ZoneName): Promise<ClaimsView>;
  /** A lock set by hand. False when the claims moved since `revision`. At its end whoever waits is woken by `due`. */
  lockByHand(zone: ZoneName, lock: LockByHand, revision: string): Promise<boolean>;
  /** False when there is no such lock set by hand; not where it was this very message that freed it. */
  unlockByHand(zone: ZoneName, key: string, source?: Source): Promise<boolean>;

  /**
   * Takes the operation for `ttlMs`, with an epoch one higher. Undefined while somebody else holds it.
   * Until it is released, the operation is due when the lease ends.
   */
  acquire(ref: OpRef, nonce: string, ttlMs: number): Promise<Lease | undefined>;
  /** A new deadline, or undefined when the lease is somebody else's. */
  renew(ref: OpRef, nonce: string, epoch: number, ttlMs: number): Promise<number | undefined>;
  /** Lets go and sets when to look again. Does nothing when the lease is somebody else's. */
  release(ref: OpRef, nonce: string, epoch: number, dueInMs: number | null): Promise<void>;
  /**
   * Lets go of what this nonce may have acquired without an answer, and under which nothing was done: the next holder hears
   * what this one would have. Does nothing when the lease is somebody else's.
   */
  giveBack(ref: OpRef, nonce: string, dueInMs: number): Promise<void>;
  /** Operations of a zone whose due time has passed and that nobody holds, with what a doorbell's id needs. */
  due(zone: ZoneName, limit: number): Promise<readonly Due[]>;

  /** Every entry of the installation in order, from after `cursor` (`0` is the beginning); waits for more until the signal aborts. */
  feed(cursor: string, signal: AbortSignal): AsyncIterable<FeedItem>;
  /**
   * Where a reader of the feed got to. One that never read begins where `first` says, `beginning` when absent; `end` is
   * where the feed ends when this is first asked, and that is remembered.
   */
  cursor(reader: string, first?: 'beginning' | 'end'): Promise<string>;
  saveCursor(reader: string, cursor: string): Promise<void>;
  /** Milliseconds since 1970, by the store's clock. */
  now(): Promise<number>;
}

export interface Due extends OpRef {
  readonly seq: number;
  readonly epoch: number;
}

export interface FeedItem extends OpRef {
  readonly cursor: string;
  readonly seq: number;
}

/**
 * Tells workers of a zone to look at an operation. Losing a ring costs a second; the reconciler rings again. It never
 * rejects, and nobody who was told that something is on record has to wait for it.
 */
export interface Doorbell {
  ring(what: Due): Promise<void>;
}
