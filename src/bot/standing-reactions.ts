import type { Entry } from '../jobs/model/event.ts';
import { knownEvent } from '../jobs/model/event.ts';
import { isSameSubject } from '../jobs/model/same-subject.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork, MessageRef, StandingReaction } from './chat-network.ts';
import type { Take } from './conversation.ts';
import { sleep } from './feed/sleep.ts';
import { channelsPossible } from './narrator/channels.ts';
import type { Messages } from './narrator/messages.ts';
import { nameIn } from './narrator/say-once.ts';
import { type Asked, askedKey, askedNow } from './narrator/subject-key.ts';
import type { Operation } from './operations.ts';
import { readReactedKey } from './reacted-key.ts';

/** Of the open operations the newest; whoever waits for longer is asked again by a reminder. */
const LOOKED_AT = 500;
const RETRY_MS = 2_000;

export interface StandingOptions {
  readonly bot: Bot;
  readonly network: ChatNetwork;
  readonly messages: Messages;
  readonly take: Take;
  readonly report: (problem: unknown) => void;
}

export interface Comparing {
  /** Compares once more. */
  again(): void;
  stop(): Promise<void>;
}

/**
 * Compares what stands under open questions with what is on record, now and whenever asked: what was pressed while nobody
 * could hear it counts, and what was taken back is withdrawn. Tries until it could.
 */
export function startComparingReactions(options: StandingOptions): Comparing {
  const stopped = new AbortController();
  let wanted = Promise.withResolvers<void>();
  const { signal } = stopped;
  const running = (async () => {
    while (!signal.aborted) {
      try {
        await compareReactions(options);
        await wanted.promise;
        wanted = Promise.withResolvers();
      } catch (problem) {
        options.report(problem);
        await sleep(RETRY_MS, signal);
      }
    }
  })();
  return {
    again: () => wanted.resolve(),
    async stop() {
      stopped.abort();
      wanted.resolve();
      await running;
    },
  };
}

async function compareReactions(options: Omit<StandingOptions, 'report'>): Promise<void> {
  if (options.network.reactionsOn === undefined) return;
  const open = await options.bot.operations.open();
  for (const operation of await open.newest(LOOKED_AT)) {
    const asked = askedNow(operation.state);
    if (asked !== undefined) await compareOne(operation, asked, options);
  }
}

async function compareOne(
  operation: Operation,
  asked: Asked,
  options: Omit<StandingOptions, 'report'>,
): Promise<void> {
  const entries = await options.bot.journal.read(operation.ref);
  const questions = await questionsOf(operation, asked, entries, options);
  const standing = new Map<string, StandingReaction>();
  for (const on of questions) {
    for (const reaction of (await options.network.reactionsOn?.(on)) ?? []) {
      standing.set(reaction.ref.id, reaction);
      await options.take({ kind: 'reaction', change: 'added', on, ...reaction });
    }
  }
  await takeBack(entries, asked, { questions, standing }, options);
}

/** The messages that ask it on this network, reminders too. */
async function questionsOf(
  { state }: Operation,
  asked: Asked,
  entries: readonly Entry[],
  { bot, network, messages }: Omit<StandingOptions, 'report'>,
): Promise<readonly MessageRef[]> {
  const key = askedKey(asked);
  const reminders = entries.filter((entry) => knownEvent(entry)?.kind === 'reminded');
  const keys = [key, ...reminders.map(({ seq }) => `${key} reminder ${seq}`)];
  const channels = channelsPossible(state, network.name, bot.channels());
  const questions: MessageRef[] = [];
  for (const channel of channels) {
    for (const one of keys) {
      const id = await messages.find(network.name, nameIn(channel, one));
      if (id !== undefined) questions.push({ channel, id });
    }
  }
  return questions;
}

interface Found {
  readonly questions: readonly MessageRef[];
  readonly standing: ReadonlyMap<string, StandingReaction>;
}

/** Approvals that were given by a reaction which is not there any more. */
async function takeBack(
  entries: readonly Entry[],
  asked: Asked,
  { questions, standing }: Found,
  { network, messages, take }: Omit<StandingOptions, 'report'>,
): Promise<void> {
  for (const source of approvalSources(entries, asked, network.name)) {
    if (standing.has(source)) continue;
    const reacted = readReactedKey((await messages.subjectOf(network.name, source)) ?? '');
    const on = questions.find(({ id }) => id === reacted?.on);
    if (reacted === undefined || on === undefined) continue;
    const { account, emoji } = reacted;
    const sender = { id: account, shown: account };
    const ref = { channel: on.channel, id: `${source} taken back` };
    await take({ kind: 'reaction', change: 'removed', ref, sender, on, emoji });
  }
}

/** By which messages on the network those approved whose approvals count now. */
function approvalSources(
  entries: readonly Entry[],
  asked: Asked,
  network: string,
): readonly string[] {
  if (asked.kind !== 'approval') return [];
  const sources = new Map<string, Entry['source']>();
  for (const entry of entries) {
    const event = knownEvent(entry);
    if (event?.kind !== 'approved' && event?.kind !== 'withdrawn') continue;
    if (entry.unvouched !== undefined || !isSameSubject(event.subject, asked.subject)) continue;
    if (event.kind === 'approved') sources.set(entry.by, entry.source);
    else sources.delete(entry.by);
  }
  return [...sources.values()].flatMap((source) =>
    source?.network === network ? [source.message] : [],
  );
}
