import type { MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { type Asker, type LeftOut, leftOutNotice } from './left-out.ts';
import { mostUrgent } from './urgency.ts';

/** Answers that one person may have waiting in one channel. */
const ANSWERS_EACH = 3;
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
  /** A message that was not even taken in, since its sender sent too many. */
  passOver(asker: Asker, now: number): void;
  /** Everything that was sent and whose arrival is not known is to be sent again. */
  rewind(): void;
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
      message.about === about;
    if (about !== undefined) entries.filter(isOlder).forEach(drop);
  }

  function put(message: Outgoing, now: number, { asker, isFirst = false }: Added): Entry {
    const settled = Promise.withResolvers<MessageRef>();
    const entry = { message, asker, isFirst, seq: ++count, since: now, settled };
    const whole = { ...entry, pieces: undefined, sent: 0, arrived: 0, id: undefined, heldUntil: 0 };
    entries.push(whole);
    return whole;
  }

  function passOver(asker: Asker, now: number): void {
    const name = `${asker.channel} ${asker.shown}`;
    const { count: before = 0 } = leftOut.get(name) ?? {};
    leftOut.set(name, { asker, count: before + 1 });
    if (waiting(asker).length === 0) tellLeftOut(asker, now);
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
        passOver(asker, now);
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
    passOver,
    rewind() {
      for (const entry of entries) entry.sent = entry.arrived;
    },
    fail(because) {
      for (const entry of entries) entry.settled.reject(because(entry));
      entries = [];
      leftOut.clear();
    },
  };
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
