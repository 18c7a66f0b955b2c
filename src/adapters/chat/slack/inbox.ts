import * as z from 'zod';
import type { ChatMemory } from '../../chat-memory.ts';
import type { Brought } from './payload.ts';

/** What Slack sent, and how to tell it that we have it. */
export interface Delivery {
  readonly body: unknown;
  ack(response?: Readonly<Record<string, unknown>>): Promise<void>;
}

export interface InboxOptions {
  readonly memory: ChatMemory;
  /** Undefined for what is not for us. */
  readonly read: (body: unknown) => Brought | undefined;
  /** What to tell Slack at once, where it is more than that we have it. `refused`: it is not even kept. */
  readonly respond: (brought: Brought) => Response | undefined;
  /** Settles when it was dealt with; what it throws was not. */
  readonly deal: (brought: Brought, at: number) => Promise<void>;
  /** Settles when it was told why something is not taken. */
  readonly tell: (brought: Brought, refused: string) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (message: string) => void;
}

interface Response {
  readonly response: Readonly<Record<string, unknown>>;
  readonly refused?: true;
}

export interface Inbox {
  /**
   * Keeps it, acknowledges it, and deals with it once however often it is brought. Throws what the memory throws, and then
   * acknowledges nothing, so that Slack brings it again.
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
  const { memory, read, respond, deal, tell, now, log } = options;
  const underWay = new Set<Promise<void>>();
  let isStopped = false;

  async function dealWith(brought: Brought, at: number): Promise<void> {
    if (isStopped) return;
    await deal(brought, at);
    await memory.dealtWith(brought.id);
  }

  function begin(brought: Brought, at: number): void {
    track(
      dealWith(brought, at).catch((problem) =>
        log(`${brought.id} is dealt with again after the next start: ${problem}`),
      ),
    );
  }

  function track(work: Promise<void>): void {
    const working = work.finally(() => underWay.delete(working));
    underWay.add(working);
  }

  return {
    async receive({ body, ack }) {
      const brought = read(body);
      if (brought === undefined) return ack();
      const { response, refused } = respond(brought) ?? {};
      if (refused) return ack(response);
      const at = now();
      const isNew = await memory.takeIn(brought.id, JSON.stringify({ at, body }));
      // Slack may be gone by now: then it brings it again, and it counts once.
      await ack(response).catch((problem) => log(`not acknowledged: ${problem}`));
      if (isNew) begin(brought, at);
    },
    refuse(body, because) {
      const brought = read(body);
      if (brought === undefined || isStopped) return;
      track(tell(brought, because).catch((problem) => log(`not on record: ${problem}`)));
    },
    async resume() {
      for (const { id, text } of await memory.waiting()) {
        const kept = Kept.safeParse(parsed(text));
        const brought = kept.success ? read(kept.data.body) : undefined;
        if (kept.success && brought !== undefined) begin(brought, kept.data.at);
        else await memory.dealtWith(id);
      }
    },
    async settle() {
      await Promise.all(underWay);
    },
    stop() {
      isStopped = true;
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
