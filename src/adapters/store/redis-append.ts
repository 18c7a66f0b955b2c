import type { Redis } from 'ioredis';
import * as z from 'zod';
import type { Append, Appended, Journal, OpRef } from '../../jobs/journal/journal.ts';
import { type Head, type Linked, link, NO_ENTRIES } from './chain.ts';
import { claimEffects } from './claim-effects.ts';
import type { EntryMemory } from './entry-memory.ts';
import { readOnlyFailure } from './history/read-only.ts';
import type { JournalKeys } from './journal-keys.ts';
import type { KnownHeads } from './known-heads.ts';
import { APPEND } from './lua/append.ts';
import { confirmedScript } from './lua-script.ts';
import type { StoreClock } from './store-clock.ts';
import { writing } from './store-failure.ts';

/** How long a message counts once. */
export const SEEN_FOR_MS = 30 * 24 * 60 * 60_000;
/** How far the time in an entry may be from the store's clock. It was written down before the request was sent. */
const TOLERANCE_MS = 5_000;

const Answer = z.tuple([
  z.enum(['ok', 'read-only', 'seq-moved', 'lease-lost', 'claims-moved', 'seen-before', 'behind']),
  z.number(),
  z.string(),
  z.number(),
  z.string(),
]);

export interface AppendParts {
  readonly redis: Redis;
  readonly keys: JournalKeys;
  readonly clock: StoreClock;
  readonly known: KnownHeads;
  readonly entries: EntryMemory;
  /** How many replicas have to have it before it counts. */
  readonly replicas: number;
}

/**
 * Builds the entries after the head it knows of; where that is not the head any more, or the clock was off, the store
 * says what is, and it builds them anew. Each round that fails means that somebody else's append succeeded.
 */
export function redisAppend(parts: AppendParts): Journal['append'] {
  const { redis, keys, clock, known, entries, replicas } = parts;
  const script = confirmedScript(redis, APPEND, replicas, hasAppended);

  async function attempt(ref: OpRef, what: Append, linked: Linked, from: Head, at: number) {
    const command = JSON.stringify(commandOf(ref, what, { linked, from, at, keys }));
    const reply = await writing(script(keysOf(keys, ref, what), [command, ...linked.texts]));
    const [kind, seq, digest, now, claimsRevision] = Answer.parse(reply);
    clock.heard(now);
    if (kind === 'read-only') throw readOnlyFailure(digest);
    return { kind, head: { seq, digest }, claimsRevision };
  }

  return async (ref, what): Promise<Appended> => {
    for (let from = known.find(ref.op) ?? NO_ENTRIES; ; ) {
      const at = clock.now();
      const linked = link(from, at, what);
      const { kind, head, claimsRevision } = await attempt(ref, what, linked, from, at);
      known.moved(ref.op, head);
      if (kind === 'ok') {
        // The narrator and others of this process are about to read them.
        for (const entry of linked.entries) entries.note(entry);
        return { kind, entries: linked.entries, claimsRevision };
      }
      if (kind !== 'behind') return { kind };
      from = head;
    }
  };
}

function hasAppended(reply: unknown): boolean {
  return Array.isArray(reply) && reply[0] === 'ok';
}

function keysOf(keys: JournalKeys, ref: OpRef, { source }: Append): string[] {
  const { zone } = ref;
  const mark = source === undefined ? [] : [keys.seen(zone, source)];
  return [...keys.zone(zone), keys.open(zone), keys.recent(zone), keys.entries(ref), ...mark];
}

interface Built {
  readonly linked: Linked;
  readonly from: Head;
  readonly at: number;
  readonly keys: Pick<JournalKeys, 'feed' | 'operations' | 'zones'>;
}

function commandOf(ref: OpRef, what: Append, { linked, from, at, keys }: Built) {
  const { feed, operations, zones } = keys;
  return {
    ...ref,
    feed,
    operations,
    zones,
    creates: what.events[0]?.kind === 'requested',
    guard: what.seq,
    epoch: what.epoch,
    claims: what.claims,
    genesis: NO_ENTRIES.digest,
    seq: from.seq,
    prev: from.digest,
    digest: linked.head.digest,
    at,
    tolerance: TOLERANCE_MS,
    seenForMs: SEEN_FOR_MS,
    due: what.dueInMs,
    effects: claimEffects(what.events),
    wake: what.wake ?? [],
    evenReadOnly: what.evenReadOnly,
  };
}
