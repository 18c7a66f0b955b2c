import { setTimeout as delay } from 'node:timers/promises';
import type { OpId, ZoneName } from '../../domain/ids.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { OperationThreads, ToldItem } from '../../jobs/ports/operation-threads.ts';
import type { MessageRef } from '../chat-network.ts';
import type { Follower } from '../feed/follow-feed.ts';
import type { Operations } from '../operations.ts';
import { threadKey } from './card-key.ts';
import { channelsConcerned } from './channels.ts';
import { foldTold } from './fold-told.ts';
import type { NarratorOptions } from './narrator.ts';
import { nameIn, type Saying, sayOnce } from './say-once.ts';
import { channelLines, threadLines } from './thread-lines.ts';

/** Of each operation one message in so long. */
const PACE_MS = 3_000;
/** How long a card is waited for that the other narrator has not posted yet. */
const CARD_PATIENCE_MS = 30_000;
const CARD_POLL_MS = 500;

export interface ThreadNarratorOptions extends Omit<NarratorOptions, 'estimates' | 'absences'> {
  readonly threads: OperationThreads;
  readonly operations: Operations;
  readonly zones: () => readonly ZoneName[];
  readonly paceMs?: number;
}

/**
 * Tells what steps tell while they go on: in the thread of an operation's card where the network has threads, elsewhere
 * in the channel and only what matters. What is about to be said is on record before it is said, and each message is
 * remembered by what it begins with: a narrator that takes over loses nothing and repeats at most the one message that
 * its predecessor died over.
 */
export function startThreadNarrator(options: ThreadNarratorOptions): Follower {
  const stopped = new AbortController();
  const told = follow(options, stopped.signal);
  return {
    async stop() {
      stopped.abort();
      await told;
    },
  };
}

interface Telling extends ThreadNarratorOptions, Saying {
  /** Channels in which an operation has no card: nobody waits for it twice. */
  readonly cardless: Set<string>;
  readonly signal: AbortSignal;
}

async function follow(options: ThreadNarratorOptions, signal: AbortSignal): Promise<void> {
  const { zones, report, paceMs = PACE_MS } = options;
  const telling = { ...options, unnoted: new Map<string, string>(), cardless: new Set<string>() };
  while (!signal.aborted) {
    for (const zone of zones()) {
      await tellNew({ ...telling, signal }, zone).catch((problem) => {
        if (!signal.aborted) report(problem);
      });
    }
    await delay(paceMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Where a network's narrator got to in the threads of a zone. */
export function threadReader(network: string, zone: ZoneName): string {
  return `threads ${network} ${zone}`;
}

async function tellNew(telling: Telling, zone: ZoneName): Promise<void> {
  const { journal, threads, network } = telling;
  const reader = threadReader(network.name, zone);
  const from = await journal.cursor(reader);
  const begun = await journal.cursor(`${reader} begun`);
  // What a predecessor had begun to say is said again in the same pieces, so that each is recognized.
  const items = await threads.after(zone, from, begun === from ? undefined : begun);
  const end = items.at(-1)?.cursor ?? begun;
  if (end === from) return;
  if (begun === from) await journal.saveCursor(`${reader} begun`, end);
  await sayItems(telling, items);
  await journal.saveCursor(reader, end);
}

async function sayItems(telling: Telling, items: readonly ToldItem[]): Promise<void> {
  for (const [op, told] of Map.groupBy(items, (item) => item.op)) {
    const state = await stateOf(telling, op);
    if (state !== undefined) await sayOfOperation(telling, state, told);
  }
}

async function stateOf({ operations }: Telling, op: OpId): Promise<OperationState | undefined> {
  return (await operations.get(op))?.state;
}

async function sayOfOperation(
  telling: Telling,
  state: OperationState,
  items: readonly ToldItem[],
): Promise<void> {
  const { network, channels, facts } = telling;
  const key = `${state.op} told ${items[0]?.cursor}`;
  for (const channel of channelsConcerned(state, network.name, channels())) {
    const thread = network.can.threads ? await findCard(telling, state, channel) : undefined;
    const lines = (thread ? threadLines : channelLines)(state, foldTold(items), facts.prefix);
    const what = { key, as: 'notice', lines, ...(thread && { thread }) } as const;
    if (lines.length > 0) await sayOnce(telling, channel, what);
  }
}

/** Undefined in a channel where the operation was told without a card. */
async function findCard(
  { network, messages, cardless, signal }: Telling,
  state: OperationState,
  channel: string,
): Promise<MessageRef | undefined> {
  const name = nameIn(channel, threadKey(state, network.can));
  const deadline = performance.now() + (cardless.has(name) ? 0 : CARD_PATIENCE_MS);
  for (;;) {
    const id = await messages.find(network.name, name);
    if (id !== undefined) return { channel, id };
    if (performance.now() >= deadline) break;
    await delay(CARD_POLL_MS, undefined, { signal });
  }
  cardless.add(name);
  return undefined;
}
