import { setTimeout as delay } from 'node:timers/promises';
import type { OpId } from '../../domain/ids.ts';
import type { FeedItem, Journal } from '../../jobs/journal/journal.ts';
import { foldEntry, type OperationState } from '../../jobs/model/state.ts';
import type { ChatNetwork } from '../chat-network.ts';
import { printable } from '../grammar/printable.ts';
import type { Channel } from './channels.ts';
import { channelsConcerned } from './channels.ts';
import type { PatientMessages } from './patient-messages.ts';
import { type TellFacts, type Told, tell } from './tell.ts';

const TRY_AGAIN_MS = 1_000;

export interface NarratorOptions {
  readonly network: ChatNetwork;
  readonly journal: Journal;
  readonly messages: PatientMessages;
  readonly channels: () => readonly Channel[];
  readonly facts: TellFacts;
  readonly report: (problem: unknown) => void;
}

export interface Narrator {
  stop(): Promise<void>;
}

/**
 * Follows the feed and tells a network's channels what happens, in order. Its cursor is in the store and moves only
 * when something was said, and what was said is remembered by its key: a narrator that takes over misses nothing and
 * repeats at most the one message that its predecessor died over.
 */
export function startNarrator(options: NarratorOptions): Narrator {
  const stopped = new AbortController();
  const told = follow(options, stopped.signal);
  return {
    async stop() {
      stopped.abort();
      await told;
    },
  };
}

async function follow(options: NarratorOptions, signal: AbortSignal): Promise<void> {
  const { network, journal, report } = options;
  const reader = `narrator ${network.name}`;
  const states = new Map<OpId, OperationState>();
  while (!signal.aborted) {
    try {
      for await (const item of journal.feed(await journal.cursor(reader), signal)) {
        await narrate(options, states, item);
        await journal.saveCursor(reader, item.cursor);
      }
    } catch (problem) {
      if (signal.aborted) return;
      report(problem);
      await delay(TRY_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function narrate(
  options: NarratorOptions,
  states: Map<OpId, OperationState>,
  item: FeedItem,
): Promise<void> {
  const { op } = item;
  let before = states.get(op);
  // The feed tells of each entry at least once; what was folded already was told already.
  if (before !== undefined && before.seq > item.seq) return;
  const entries = await options.journal.read(item, before?.seq ?? 0);
  for (const entry of entries) {
    if (entry.seq > item.seq) break;
    const after = foldEntry(op, before, entry);
    if (after === undefined) return;
    if (entry.seq === item.seq) {
      await sayAll(options, after, tell(before, after, entry, options.facts));
    }
    before = after;
  }
  if (before === undefined || before.phase.kind === 'ended') states.delete(op);
  else states.set(op, before);
}

async function sayAll(
  { network, channels, messages }: NarratorOptions,
  state: OperationState,
  told: readonly Told[],
): Promise<void> {
  for (const channel of channelsConcerned(state, network.name, channels())) {
    for (const what of told) await sayOnce(network, messages, channel, what);
  }
}

async function sayOnce(
  network: ChatNetwork,
  messages: PatientMessages,
  channel: string,
  what: Told,
): Promise<void> {
  const name = `${what.key} in ${channel}`;
  if ((await messages.find(network.name, name)) !== undefined) return;
  const lines = what.lines.map((line) => printable(line));
  await messages.whilePosting(async () => {
    const ref = await network.post({ channel, ...what, lines });
    await messages.remember(network.name, name, ref.id);
  });
}
