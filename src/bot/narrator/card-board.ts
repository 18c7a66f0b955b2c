import type { OpId } from '../../domain/ids.ts';
import type { Journal } from '../../jobs/journal/journal.ts';
import { digestOf } from '../../jobs/model/plan.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { MessageRef, Outgoing } from '../chat-network.ts';
import type { Estimates } from '../estimates/estimates.ts';
import type { Sleep } from '../feed/sleep.ts';
import { readRecent } from '../happenings.ts';
import type { Card } from './card.ts';
import { cardName } from './card-key.ts';
import { cardLines } from './card-lines.ts';
import { cardOf } from './card-of.ts';
import { type Channel, channelsPossible } from './channels.ts';
import { nameIn, type Saying, sayOnce } from './say-once.ts';
import type { TellFacts } from './told.ts';

/** A card is edited at most so often. */
const PACE_MS = 1_000;
const SLOWEST_RETRY_MS = 15_000;

export interface CardBoardOptions extends Saying {
  readonly journal: Journal;
  readonly channels: () => readonly Channel[];
  readonly estimates: Estimates;
  readonly facts: TellFacts;
  readonly report: (problem: unknown) => void;
  readonly sleep: Sleep;
  readonly paceMs?: number;
}

/**
 * One message for each operation and channel, edited as the operation goes on. What is not edited yet when a bot dies is
 * edited by the next one, from the journal.
 */
export interface CardBoard {
  /** The operation's card in a channel, posted now if there is none yet; of one that another started, that one's. */
  place(channel: string, state: OperationState): Promise<MessageRef>;
  /** Wherever the operation has a card, it says so soon: the newest state, and not each. */
  show(state: OperationState): Promise<void>;
  stop(): Promise<void>;
}

interface Wanted {
  readonly channel: string;
  readonly state: OperationState;
  readonly card: Card;
}

export function createCardBoard(options: CardBoardOptions): CardBoard {
  const { network, messages, report, sleep, paceMs = PACE_MS } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const wanted = new Map<string, Wanted>();
  const shown = new Map<string, string>();
  const writing = new Set<string>();
  let written: Promise<unknown> = Promise.resolve();

  async function place(channel: string, state: OperationState): Promise<MessageRef> {
    const name = nameIn(channel, cardName(state.op));
    const known = (await startersCard(channel, state)) ?? (await messages.find(network.name, name));
    if (known !== undefined) return { channel, id: known };
    const card = await cardNow(options, state);
    await sayOnce(options, channel, { key: cardName(state.op), ...messageOf(card) });
    const id = await messages.find(network.name, name);
    if (id === undefined) throw new Error(`the card of ${state.op} was posted and is not known`);
    note(name, { channel, state, card });
    return { channel, id };
  }

  async function startersCard(channel: string, { request: { parent } }: OperationState) {
    return parent && messages.find(network.name, nameIn(channel, cardName(parent)));
  }

  async function show(state: OperationState): Promise<void> {
    for (const channel of channelsPossible(state, network.name, options.channels())) {
      const name = nameIn(channel, cardName(state.op));
      if ((await messages.find(network.name, name)) === undefined) continue;
      if (state.seq < (wanted.get(name)?.state.seq ?? 0)) continue;
      wanted.set(name, { channel, state, card: await cardNow(options, state) });
      if (!writing.has(name)) written = Promise.all([written, write(name)]);
    }
  }

  async function write(name: string): Promise<void> {
    writing.add(name);
    let retryMs = paceMs;
    for (let want = wanted.get(name); want && !signal.aborted; want = wanted.get(name)) {
      try {
        const isNews = shown.get(name) !== digestOf(want.card);
        if (isNews) await edit(options, name, want);
        note(name, want);
        if (wanted.get(name) === want) wanted.delete(name);
        retryMs = paceMs;
        if (isNews) await sleep(paceMs, signal);
      } catch (problem) {
        if (signal.aborted) break;
        report(problem);
        await sleep(retryMs, signal);
        retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS);
      }
    }
    writing.delete(name);
  }

  function note(name: string, { state, card }: Wanted): void {
    if (state.phase.kind === 'ended') shown.delete(name);
    else shown.set(name, digestOf(card));
  }

  const caughtUp = (async () => {
    for (let retryMs = paceMs; !signal.aborted; retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS)) {
      try {
        return await catchUp(options, show);
      } catch (problem) {
        if (signal.aborted) return;
        report(problem);
        await sleep(retryMs, signal);
      }
    }
  })();

  return {
    place,
    show,
    async stop() {
      stopped.abort();
      await caughtUp;
      await written;
    },
  };
}

async function cardNow(
  { estimates, facts: { prefix, timeScale } }: CardBoardOptions,
  state: OperationState,
): Promise<Card> {
  const estimate = await estimates.of(state.request.plan);
  return cardOf(state, estimate, { prefix, timeScale, now: state.lastAt });
}

function messageOf(card: Card) {
  return { as: 'card', lines: cardLines(card), about: { op: card.op }, card } as const;
}

/** A card that somebody deleted is posted anew: once, since what it takes the place of names it. */
async function edit(options: CardBoardOptions, name: string, want: Wanted): Promise<void> {
  const { network, messages } = options;
  const { channel, card, state } = want;
  const id = await messages.find(network.name, name);
  if (id === undefined) return;
  const message: Outgoing = {
    channel,
    key: `${cardName(card.op)} ${state.seq}`,
    ...messageOf(card),
  };
  const became = await network.edit({ channel, id }, message);
  if (became === 'gone') {
    const anew = await network.post({ ...message, key: `${cardName(card.op)} after ${id}` });
    await messages.remember(network.name, name, anew.id);
  }
  if (state.phase.kind === 'ended') {
    await messages.remember(network.name, lastName(channel, card.op), `last edit of ${name}`);
  }
}

/** Under which it is remembered that a card says how its operation ended. */
function lastName(channel: string, op: OpId): string {
  return nameIn(channel, `${cardName(op)} ended`);
}

/** What a bot before this one did not come to: cards of what is open, and of what ended since. */
async function catchUp(
  { network, messages, journal, channels }: CardBoardOptions,
  show: CardBoard['show'],
): Promise<void> {
  for (const { state } of await readRecent(journal)) {
    if (state === undefined) continue;
    const possible = channelsPossible(state, network.name, channels());
    const last = possible.map((channel) =>
      messages.find(network.name, lastName(channel, state.op)),
    );
    const isOver = (await Promise.all(last)).some((known) => known !== undefined);
    if (!isOver) await show(state);
  }
}
