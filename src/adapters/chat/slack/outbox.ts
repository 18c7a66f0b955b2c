import { setTimeout as delay } from 'node:timers/promises';
import type { Outgoing } from '../../../bot/chat-network.ts';
import type { Failure } from '../../../domain/failure.ts';
import { backOff } from '../common/back-off.ts';
import { mostUrgent } from '../common/urgency.ts';
import type { Place } from './message-id.ts';
import { awayNow, stoppedBefore } from './slack-failure.ts';

/** What came of one try to post. */
export type Tried =
  | { readonly kind: 'posted'; readonly place: Place }
  /** The channel does not take it. */
  | { readonly kind: 'refused'; readonly because: string }
  /** Perhaps it stands there. */
  | { readonly kind: 'unknown'; readonly because: string }
  /** It does not take us just now, and posted nothing. */
  | { readonly kind: 'away'; readonly because: string };

export interface OutboxOptions {
  /** `again`: what was tried before and is not known to have failed. */
  readonly tryPost: (message: Outgoing, again: boolean) => Promise<Tried>;
  /** Whether anything may be posted now; `first`: only what comes first. */
  readonly line: () => 'open' | 'first' | 'closed';
  /** Between two messages in a channel. */
  readonly everyMs: number;
  /** How long to wait for a line. */
  readonly awayMs: number;
  /** The same of an answer; whoever tells of operations posts again by themselves. */
  readonly answerMs: number;
  /** How long to go on while Slack does not answer, or nobody knows whether it was posted. */
  readonly patienceMs: number;
  /** How long to go on where a channel refuses. */
  readonly giveUpMs: number;
  /** Of all waiting between tries. */
  readonly tempo: number;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** One queue a channel: questions to people first, in order otherwise, and no faster than Slack bears it. */
export interface Outbox {
  /** Undefined for what a channel does not take. A Failure when it could not be posted for now. */
  post(message: Outgoing, more?: { readonly isFirst: boolean }): Promise<Place | undefined>;
  stop(): void;
}

interface Entry {
  readonly message: Outgoing;
  readonly isFirst: boolean;
  readonly seq: number;
  readonly since: number;
  readonly settled: PromiseWithResolvers<Place | undefined>;
}

const LOOK_AGAIN_MS = 250;
const REFUSED_MS = 5_000;

export function createOutbox(options: OutboxOptions): Outbox {
  const { tryPost, line, everyMs, awayMs, answerMs, patienceMs, giveUpMs } = options;
  const { tempo, signal, log } = options;
  const queues = new Map<string, Entry[]>();
  /** Since when a channel takes nothing of what we say. */
  const refusing = new Map<string, number>();
  let count = 0;

  const pause = (ms: number) => delay(ms, undefined, { signal }).catch(() => undefined);

  async function work(channel: string, queue: Entry[]): Promise<void> {
    while (queue.length > 0) {
      for (const late of queue.filter(isLate)) {
        take(queue, late);
        late.settled.reject(notNow(channel));
      }
      const entry = mostUrgent(queue.filter(isSayable), performance.now());
      if (entry !== undefined) await say(take(queue, entry));
      if (!signal.aborted) await pause(entry === undefined ? LOOK_AGAIN_MS * tempo : everyMs);
    }
    queues.delete(channel);
  }

  function isSayable({ isFirst }: Entry): boolean {
    return line() === 'open' || (isFirst && line() === 'first');
  }

  function isLate(entry: Entry): boolean {
    const { message, since } = entry;
    const waitMs = message.as === 'reply' ? answerMs : awayMs;
    return !isSayable(entry) && (signal.aborted || performance.now() - since > waitMs);
  }

  function notNow(channel: string): Failure {
    if (signal.aborted) return stoppedBefore(channel);
    return awayNow(channel, 'there is no connection just now', 'none');
  }

  async function say(entry: Entry): Promise<void> {
    try {
      entry.settled.resolve(await untilPosted(entry));
    } catch (problem) {
      entry.settled.reject(problem);
    }
  }

  async function untilPosted({ message }: Entry): Promise<Place | undefined> {
    const { channel } = message;
    const began = performance.now();
    let again = false;
    for (let failures = 0; ; failures += 1) {
      const tried = await tryPost(message, again);
      if (tried.kind === 'posted') refusing.delete(channel);
      if (tried.kind === 'posted') return tried.place;
      if (signal.aborted) throw stoppedBefore(channel);
      if (tried.kind === 'refused') {
        if (isGivenUp(channel, tried.because)) return leaveOut(message);
        await pause(REFUSED_MS * tempo);
        continue;
      }
      again ||= tried.kind === 'unknown';
      const isOver = performance.now() - began > patienceMs;
      if (isOver) throw awayNow(channel, tried.because, again ? 'unknown' : 'none');
      await pause(backOff(failures) * tempo);
    }
  }

  function isGivenUp(channel: string, because: string): boolean {
    const since = refusing.get(channel);
    if (since !== undefined) return performance.now() - since > giveUpMs;
    refusing.set(channel, performance.now());
    log(`${channel} does not take what we say: ${because}`);
    return false;
  }

  function leaveOut({ channel, lines }: Outgoing): undefined {
    log(`left out for ${channel}: ${lines[0] ?? ''}`);
  }

  return {
    post(message, { isFirst } = { isFirst: false }) {
      const { channel } = message;
      if (signal.aborted) return Promise.reject(stoppedBefore(channel));
      const settled = Promise.withResolvers<Place | undefined>();
      const entry = { message, isFirst, seq: ++count, since: performance.now(), settled };
      const queue = queues.get(channel);
      if (queue !== undefined) queue.push(entry);
      else begin(channel, [entry]);
      return settled.promise;
    },
    stop() {
      for (const queue of queues.values()) {
        for (const { message, settled } of queue.splice(0)) {
          settled.reject(stoppedBefore(message.channel));
        }
      }
    },
  };

  function take(queue: Entry[], entry: Entry): Entry {
    queue.splice(queue.indexOf(entry), 1);
    return entry;
  }

  function begin(channel: string, queue: Entry[]): void {
    queues.set(channel, queue);
    void work(channel, queue);
  }
}
