import type { OpId, ZoneName } from '../../domain/ids.ts';
import type { Append, Appended, Journal, Lease, OpRef } from '../../jobs/journal/journal.ts';
import { link, readChain } from '../store/chain.ts';
import { claimEffects } from '../store/claim-effects.ts';
import { entryMemory } from '../store/entry-memory.ts';
import { memoryClaims } from './memory-claims.ts';
import { memoryFeed } from './memory-feed.ts';
import {
  giveBack,
  isHolder,
  letGo,
  type MemoryOperation,
  newOperation,
  reschedule,
  take,
  takeOver,
  wake,
} from './memory-operation.ts';

const SEEN_FOR_MS = 30 * 24 * 60 * 60_000;

export interface MemoryJournalOptions {
  /** The store's clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** What deadlines of leases are counted by. */
  readonly monotonic?: () => number;
}

export interface MemoryJournal extends Journal {
  /** What is stored of an operation, itself and no copy, for tests that damage it. */
  stored(op: OpId): MemoryOperation | undefined;
}

/** A journal that keeps every promise but one: it dies with its process. */
export function memoryJournal({
  now = Date.now,
  monotonic = () => performance.now(),
}: MemoryJournalOptions = {}): MemoryJournal {
  const operations = new Map<OpId, MemoryOperation>();
  const zones = new Map<ZoneName, ReturnType<typeof memoryClaims>>();
  const seen = new Map<string, number>();
  const cursors = new Map<string, string>();
  const feed = memoryFeed();
  const entries = entryMemory();

  function at({ op, zone }: OpRef): MemoryOperation | undefined {
    const operation = operations.get(op);
    return operation?.ref.zone === zone ? operation : undefined;
  }

  function claimsOf(zone: ZoneName) {
    const claims = zones.get(zone) ?? memoryClaims();
    zones.set(zone, claims);
    return claims;
  }

  function wakeAll(zone: ZoneName, ops: Iterable<OpId>): void {
    for (const op of ops) {
      const operation = at({ op, zone });
      if (operation !== undefined) wake(operation, now());
    }
  }

  function refusal(ref: OpRef, what: Append): Exclude<Appended['kind'], 'ok'> | undefined {
    const operation = at(ref);
    const creates = what.events[0]?.kind === 'requested';
    if (what.source !== undefined && (seen.get(sourceKey(what.source)) ?? 0) > now()) {
      return 'seen-before';
    }
    if (creates ? operations.has(ref.op) : operation === undefined) return 'seq-moved';
    if (what.epoch !== undefined && !isHolding(operation, what.epoch)) return 'lease-lost';
    if (what.seq !== undefined && what.seq !== (operation?.head.seq ?? 0)) return 'seq-moved';
    const moved = what.claims !== undefined && what.claims !== claimsOf(ref.zone).revision;
    return moved ? 'claims-moved' : undefined;
  }

  function applyClaims(operation: MemoryOperation, what: Append): void {
    const { op, zone } = operation.ref;
    const claims = claimsOf(zone);
    const woken = new Set<OpId>();
    for (const effect of operation.ended ? [] : claimEffects(what.events)) {
      if (effect.kind === 'taken-over') takeOver(operation, now());
      for (const waiter of claims.apply(op, effect, now())) woken.add(waiter);
      if (effect.kind === 'ended') Object.assign(operation, { ended: true, due: undefined });
    }
    wakeAll(zone, woken);
  }

  function commit(ref: OpRef, what: Append): Appended {
    const operation = at(ref) ?? newOperation(ref);
    const linked = link(operation.head, now(), what);
    operations.set(ref.op, operation);
    operation.texts.push(...linked.texts);
    operation.head = linked.head;
    if (what.source !== undefined) seen.set(sourceKey(what.source), now() + SEEN_FOR_MS);
    applyClaims(operation, what);
    reschedule(operation, what, now());
    wakeAll(ref.zone, what.wake ?? []);
    for (const { seq } of linked.entries) feed.add({ ...ref, seq });
    return { kind: 'ok', entries: linked.entries, claimsRevision: claimsOf(ref.zone).revision };
  }

  function openNow(): OpRef[] {
    return [...operations.values()].filter(({ ended }) => !ended).map(({ ref }) => ref);
  }

  return {
    async append(ref, what) {
      const kind = refusal(ref, what);
      return kind === undefined ? commit(ref, what) : { kind };
    },
    async read(ref, from = 0) {
      const { head, texts } = at(ref) ?? newOperation(ref);
      const stored = { from, before: texts[from - 1], texts: texts.slice(from), head };
      return readChain(ref, stored, entries);
    },
    async find(op) {
      return operations.get(op)?.ref;
    },
    async open(limit) {
      return openNow().toReversed().slice(0, limit);
    },
    async countOpen() {
      return openNow().length;
    },
    async lengths(refs) {
      return refs.map((ref) => at(ref)?.head.seq ?? 0);
    },
    async recent(limit) {
      return [...operations.values()]
        .map(({ ref }) => ref)
        .toReversed()
        .slice(0, limit);
    },
    async claims(zone) {
      return claimsOf(zone).view(now());
    },
    async lockByHand(zone, { key, ...what }, revision) {
      if (claimsOf(zone).revision !== revision) return false;
      claimsOf(zone).lock(key, { ...what, since: now() });
      return true;
    },
    async unlockByHand(zone, key, source) {
      const mark = source && sourceKey(source);
      if (mark !== undefined && (seen.get(mark) ?? 0) > now()) return true;
      const freed = claimsOf(zone).unlock(key);
      if (freed && mark !== undefined) seen.set(mark, now() + SEEN_FOR_MS);
      if (freed) wakeAll(zone, claimsOf(zone).waiting());
      return freed;
    },

    async acquire(ref, nonce, ttlMs): Promise<Lease | undefined> {
      const deadline = monotonic() + ttlMs;
      const operation = at(ref);
      if (operation === undefined || !take(operation, nonce, now() + ttlMs, now()))
        return undefined;
      const { epoch, interrupted } = operation;
      return { epoch, interrupted, deadline };
    },
    async renew(ref, nonce, epoch, ttlMs) {
      const deadline = monotonic() + ttlMs;
      const operation = at(ref);
      if (operation === undefined || !isHolder(operation, nonce, epoch)) return undefined;
      operation.leaseEnd = now() + ttlMs;
      if (!operation.ended) operation.due = operation.leaseEnd;
      return deadline;
    },
    async release(ref, nonce, epoch, dueInMs) {
      const operation = at(ref);
      if (operation !== undefined && isHolder(operation, nonce, epoch)) {
        letGo(operation, dueInMs, now());
      }
    },
    async giveBack(ref, nonce, dueInMs) {
      const operation = at(ref);
      if (operation?.nonce === nonce) giveBack(operation, dueInMs, now());
    },
    async due(zone, limit) {
      if (claimsOf(zone).freeEnded(now())) wakeAll(zone, claimsOf(zone).waiting());
      return [...operations.values()]
        .filter(({ ref }) => ref.zone === zone)
        .filter(({ due }) => due !== undefined && due <= now())
        .sort((a, b) => (a.due ?? 0) - (b.due ?? 0))
        .slice(0, limit)
        .map(({ ref, head, epoch }) => ({ ...ref, seq: head.seq, epoch }));
    },

    feed: (cursor, signal) => feed.from(cursor, signal),
    async cursor(reader, first = 'beginning') {
      const cursor = cursors.get(reader) ?? (first === 'end' ? feed.end() : '0');
      if (first === 'end') cursors.set(reader, cursor);
      return cursor;
    },
    async saveCursor(reader, cursor) {
      cursors.set(reader, cursor);
    },
    async now() {
      return now();
    },
    stored(op) {
      return operations.get(op);
    },
  };
}

function isHolding(operation: MemoryOperation | undefined, epoch: number): boolean {
  return operation?.nonce !== undefined && operation.epoch === epoch;
}

function sourceKey({ network, message }: NonNullable<Append['source']>): string {
  return JSON.stringify([network, message]);
}
