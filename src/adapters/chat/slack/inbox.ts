import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Incoming } from '../../../bot/chat-network.ts';
import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { ChatMemory } from '../../chat-memory.ts';
import { backOff } from '../common/back-off.ts';
import { NewestOf } from '../common/newest-of.ts';
import { inOrder } from './in-order.ts';
import type { Brought } from './payload.ts';

/** What Slack sent, and how to tell it that we have it. */
export interface Delivery {
  readonly body: unknown;
  ack(response?: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface InboxOptions {
  readonly memory: ChatMemory;
  /** Undefined for what is not for us. A Failure while that is not known. */
  readonly read: (body: unknown) => Promise<Brought | undefined>;
  /** What to tell Slack at once, where it is more than that we have it. `refused`: it is not even kept. */
  readonly respond: (brought: Brought) => Response | undefined;
  /** What the bot has to hear of it, if anything. */
  readonly hear: (brought: Brought, at: number) => Promise<Incoming | undefined>;
  /** Settles when it was dealt with; a Failure when it has to be brought again. */
  readonly take: (incoming: Incoming) => Promise<void>;
  /** Settles when it was told why something is not taken. */
  readonly tell: (brought: Brought, refused: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Of all waiting between tries. */
  readonly tempo: number;
  readonly log: (message: string) => void;
}

interface Response {
  readonly response: Readonly<Record<string, unknown>>;
  readonly refused?: true;
}

export interface Inbox {
  /**
   * Keeps it, acknowledges it, and deals with it once however often it is brought. Throws what reading it and the memory throw,
   * and then acknowledges nothing, so that Slack brings it again.
   */
  receive(delivery: Delivery): Promise<void>;
  /** What is not to be taken, and why: neither kept nor dealt with, only told. */
  refuse(body: unknown, because: string): void;
  /** What was kept and not dealt with, by whichever bot. */
  resume(): Promise<void>;
  /** Settles when nothing is under way. */
  settle(): Promise<void>;
  /** What is brought from now on is kept for whoever comes after us. */
  stop(): void;
}

const Kept = z.object({ at: z.number(), body: z.unknown() });

export function openInbox(options: InboxOptions): Inbox {
  const { memory, read, respond, hear, take, tell, now, tempo, log } = options;
  const underWay = new Set<Promise<void>>();
  const begun = new NewestOf<true>();
  const oneByOne = inOrder();
  const stopped = new AbortController();
  const { signal } = stopped;

  /** What the store or Slack does not take just now is tried again until we stop; then it throws what went wrong last. */
  async function patiently<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let failures = 0; ; failures += 1) {
      try {
        return await work();
      } catch (problem) {
        if (!(problem instanceof Failure) || signal.aborted) throw problem;
        if (failures === 0) log(`tried again: ${problem.message}`);
        await delay(backOff(failures) * tempo, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async function dealWith(brought: Brought, at: number): Promise<void> {
    await patiently(async () => {
      // Who takes something back and gives it again has to be heard in that order.
      const incoming = await oneByOne(brought.user ?? '', () => patiently(() => hear(brought, at)));
      if (incoming !== undefined) await take(incoming);
    });
    await patiently(() => memory.dealtWith(brought.id));
  }

  /** Nothing twice, however often it is found waiting. */
  function begin(brought: Brought, at: number): void {
    if (signal.aborted || begun.has(brought.id)) return;
    begun.set(brought.id, true);
    track(
      dealWith(brought, at).catch((problem) =>
        log(`${brought.id} is dealt with again after the next start: ${rootMessage(problem)}`),
      ),
    );
  }

  /** False for what was kept before. That may have been by a call of which we never heard how it ended. */
  async function keep({ id }: Brought, text: string): Promise<boolean> {
    try {
      const isNew = await memory.takeIn(id, text);
      if (!isNew && !begun.has(id)) await resume();
      return isNew;
    } catch (problem) {
      track(patiently(resume).catch((again) => log(rootMessage(again))));
      throw problem;
    }
  }

  async function resume(): Promise<void> {
    for (const { id, text } of await memory.waiting()) {
      const kept = Kept.safeParse(parsed(text));
      const brought = kept.success ? await read(kept.data.body) : undefined;
      if (kept.success && brought !== undefined) begin(brought, kept.data.at);
      else await memory.dealtWith(id);
    }
  }

  async function tellWhy(body: unknown, because: string): Promise<void> {
    const brought = await read(body);
    if (brought !== undefined && !signal.aborted) await tell(brought, because);
  }

  function track(work: Promise<void>): void {
    const working = work.finally(() => underWay.delete(working));
    underWay.add(working);
  }

  return {
    async receive({ body, ack }) {
      const brought = await read(body);
      if (brought === undefined) return ack();
      const { response, refused } = respond(brought) ?? {};
      if (refused) return ack(response);
      const at = now();
      const isNew = await keep(brought, JSON.stringify({ at, body }));
      // Slack may be gone by now: then it brings it again, and it counts once.
      await ack(response).catch((problem) => log(`not acknowledged: ${problem}`));
      if (isNew) begin(brought, at);
    },
    refuse(body, because) {
      track(tellWhy(body, because).catch((problem) => log(`not on record: ${problem}`)));
    },
    resume,
    async settle() {
      await Promise.all(underWay);
    },
    stop() {
      stopped.abort();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
