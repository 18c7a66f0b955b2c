import type { MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { mostUrgent } from '../common/urgency.ts';
import { type Asker, type LeftOut, leftOutNotice } from './left-out.ts';

/** Answers that one person may have waiting in one channel. */
const ANSWERS_EACH = 6;
/** Messages that were said in part. */
const BEGUN = 100;
/** What nobody waits for any more is not said. */
const STALE_MS = 120_000;

/** Something to say, from when it was asked for until every line of it arrived. */
export interface Entry {
  readonly message: Outgoing;
  readonly asker: Asker | undefined;
  /** Said before everything else: that we are back. */
  readonly isFirst: boolean;
  readonly seq: number;
  readonly since: number;
  readonly settled: PromiseWithResolvers<MessageRef>;
  /** Cut for the wire once it is first sent. */
  pieces: readonly string[] | undefined;
  /** How many pieces were sent, and how many of those are known to have arrived. */
  sent: number;
  arrived: number;
  /** Where its first line got an id. */
  id: string | undefined;
  /** Not to be tried again before. */
  heldUntil: number;
}

export interface Added {
  readonly asker?: Asker | undefined;
  readonly isFirst?: boolean;
}

/** What waits to be said. Times are of any clock that only goes forwards. */
export interface Outbox {
  readonly entries: readonly Entry[];
  add(message: Outgoing, now: number, more?: Added): Promise<MessageRef>;
  /** The one whose next line is to be sent now. */
  next(now: number, isSayable: (entry: Entry) => boolean): Entry | undefined;
  /** Everything of it was said, or will not be; `ref` is what it is known by then. */
  finish(entry: Entry, ref: MessageRef, now: number): void;
  /** Everything that was sent and whose arrival is not known is to be sent again. */
  rewind(): void;
  /** Gives up on everything for now. Whoever asks for the same again has only the rest of it said. */
  fail(because: (entry: Entry) => unknown): void;
}

/**
 * Progress counts as said once it waits here, and goes when something newer is said about the same; so does an answer that
 * has to wait, and of many to one person only some are kept, and how many were not is said.
 */
export function createOutbox(newId: () => string): Outbox {
  let entries: Entry[] = [];
  let count = 0;
  const leftOut = new Map<string, LeftOut>();
  const begun = new Map<string, Entry>();

  const drop = (entry: Entry) => {
    entries = entries.filter((one) => one !== entry);
    entry.settled.resolve({ channel: entry.message.channel, id: entry.id ?? newId() });
  };

  const waiting = (asker: Asker) => entries.filter((one) => isOf(one, asker));

  function supersede({ channel, about }: Outgoing): void {
    const isOlder = ({ message, sent }: Entry) =>
      message.as === 'progress' &&
      sent === 0 &&
      message.channel === channel &&
      message.about?.op === about?.op;
    if (about !== undefined) entries.filter(isOlder).forEach(drop);
  }

  function put(message: Outgoing, now: number, { asker, isFirst = false }: Added): Entry {
    const settled = Promise.withResolvers<MessageRef>();
    const { pieces, arrived = 0, id } = begun.get(nameOf(message)) ?? {};
    const base = { message, asker, isFirst, seq: ++count, since: now, settled };
    const entry = { ...base, pieces, sent: arrived, arrived, id, heldUntil: 0 };
    begun.delete(nameOf(message));
    entries.push(entry);
    return entry;
  }

  function passOver(asker: Asker): void {
    const name = `${asker.channel} ${asker.shown}`;
    const { count: before = 0 } = leftOut.get(name) ?? {};
    leftOut.set(name, { asker, count: before + 1 });
  }

  function tellLeftOut(asker: Asker, now: number): void {
    const name = `${asker.channel} ${asker.shown}`;
    const left = leftOut.get(name);
    if (left === undefined) return;
    leftOut.delete(name);
    put(leftOutNotice(left, newId()), now, { asker });
  }

  return {
    get entries() {
      return entries;
    },
    async add(message, now, more = {}) {
      const { asker } = more;
      const isAnswer = message.as === 'reply' && asker !== undefined;
      if (isAnswer && waiting(asker).length >= ANSWERS_EACH) {
        passOver(asker);
        return { channel: message.channel, id: newId() };
      }
      supersede(message);
      const entry = put(message, now, more);
      if (message.as === 'progress') return { channel: message.channel, id: newId() };
      return entry.settled.promise;
    },
    next(now, isSayable) {
      const isStale = ({ message, since, sent }: Entry) =>
        sent === 0 && isChatter(message) && now - since > STALE_MS;
      entries.filter(isStale).forEach(drop);
      const ready = entries.filter(
        (entry) => entry.heldUntil <= now && !isAllSent(entry) && isSayable(entry),
      );
      return mostUrgent(ready, now);
    },
    finish(entry, ref, now) {
      entries = entries.filter((one) => one !== entry);
      entry.settled.resolve(ref);
      const { asker } = entry;
      if (asker !== undefined && waiting(asker).length === 0) tellLeftOut(asker, now);
    },
    rewind() {
      for (const entry of entries) entry.sent = entry.arrived;
    },
    fail(because) {
      for (const entry of entries) {
        if (entry.arrived > 0) begun.set(nameOf(entry.message), entry);
        entry.settled.reject(because(entry));
        // Progress is nobody's to wait for.
        entry.settled.promise.catch(() => undefined);
      }
      for (const name of [...begun.keys()].slice(0, -BEGUN)) begun.delete(name);
      entries = [];
      leftOut.clear();
    },
  };
}

function nameOf({ channel, key }: Outgoing): string {
  return `${channel} ${key}`;
}

function isChatter({ as }: Outgoing): boolean {
  return as === 'reply' || as === 'progress';
}

function isAllSent({ pieces, sent }: Entry): boolean {
  return pieces !== undefined && sent >= pieces.length;
}

function isOf({ asker }: Entry, other: Asker): boolean {
  return asker?.shown === other.shown && asker.channel === other.channel;
}
