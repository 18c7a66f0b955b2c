import type { OpId } from '../../domain/ids.ts';
import type { FeedItem, Journal } from '../../jobs/journal/journal.ts';
import { type Ended, type Entry, knownEvent } from '../../jobs/model/event.ts';
import { foldEntry } from '../../jobs/model/fold.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { ChatNetwork, Outgoing } from '../chat-network.ts';
import type { Estimates } from '../estimates/estimates.ts';
import { type Follower, followFeed } from '../feed/follow-feed.ts';
import type { Absences } from './absences.ts';
import { type CardBoard, createCardBoard } from './card-board.ts';
import type { Channel } from './channels.ts';
import { channelsConcerned, channelsHearing } from './channels.ts';
import type { PatientMessages } from './patient-messages.ts';
import { renderLines } from './render-lines.ts';
import { sayBesideCard } from './say-beside-card.ts';
import { type Saying, sayOnce } from './say-once.ts';
import { askedKey, askedNow } from './subject-key.ts';
import { tell } from './tell.ts';
import type { TellFacts, Told } from './told.ts';

/** Operations that wait for days are many, and each is read again in a moment. */
const KEPT = 200;

export interface NarratorOptions {
  readonly network: ChatNetwork;
  readonly journal: Journal;
  readonly messages: PatientMessages;
  readonly channels: () => readonly Channel[];
  readonly facts: TellFacts;
  readonly estimates: Estimates;
  readonly absences: Absences;
  readonly report: (problem: unknown) => void;
  /** Of each card one edit in so long. */
  readonly cardPaceMs?: number;
}

/**
 * Follows the feed and tells a network's channels what happens, in order; where it can edit, most of it in a card. What was said is remembered by its key: a
 * narrator that takes over misses nothing and repeats at most the one message that its predecessor died over.
 */
export function startNarrator(options: NarratorOptions): Follower {
  const { network, journal, report } = options;
  const saying = { ...options, unnoted: new Map<string, string>() };
  const board = network.can.edit ? boardFor(saying) : undefined;
  const telling = { ...saying, board };
  const states = new Map<OpId, OperationState>();
  const following = followFeed({
    journal,
    reader: `narrator ${network.name}`,
    async handle(item) {
      await narrate(telling, states, item);
      return 'handled';
    },
    report,
    sleep: options.absences.sleep,
  });
  return {
    async stop() {
      await Promise.all([following.stop(), board?.stop()]);
    },
  };
}

interface Telling extends NarratorOptions, Saying {
  readonly board: CardBoard | undefined;
}

function boardFor(saying: NarratorOptions & Saying): CardBoard {
  const { cardPaceMs: paceMs, absences } = saying;
  return createCardBoard({ ...saying, sleep: absences.sleep, ...(paceMs && { paceMs }) });
}

async function narrate(
  telling: Telling,
  states: Map<OpId, OperationState>,
  item: FeedItem,
): Promise<void> {
  const { op } = item;
  let before = states.get(op);
  // The feed tells of an entry again, or a store that went backwards has another one in its place: by its key it is known
  // whether it was said.
  if (before !== undefined && before.seq > item.seq) before = undefined;
  const entries = await telling.journal.read(item, before?.seq ?? 0);
  for (const entry of entries) {
    if (entry.seq > item.seq) break;
    const after = foldEntry(op, before, entry);
    if (after === undefined) return;
    // What was said again is not news once something followed.
    const isOld = entry.event.kind === 'reminded' && entries.at(-1)?.seq !== entry.seq;
    if (entry.seq === item.seq && !isOld) {
      const estimate = await telling.estimates.of(after.request.plan);
      const told = tell(before, after, entry, { ...telling.facts, estimate });
      const newest = entries.slice(entries.indexOf(entry)).reduce(folded(op), before) ?? after;
      const ended = endedIn(entry);
      const about = { op, ...(ended && { ended }) };
      if (told.length > 0) await placeWhereOpen(telling, newest, entry);
      await sayAll(telling, after, { about, newest, entry }, told);
      await telling.board?.show(newest);
    }
    before = after;
  }
  states.delete(op);
  if (before !== undefined && before.phase.kind !== 'ended') states.set(op, before);
  forgetOldest(states);
}

function folded(op: OpId) {
  return (state: OperationState | undefined, entry: Entry) => foldEntry(op, state, entry);
}

/** An operation that was forgotten is read again from its beginning, and only what is new of it is told. */
function forgetOldest(states: Map<OpId, OperationState>): void {
  const [oldest] = states.keys();
  if (oldest !== undefined && states.size > KEPT) states.delete(oldest);
}

function endedIn(entry: Entry): Ended | undefined {
  const event = knownEvent(entry);
  return event?.kind === 'ended' && entry.unvouched === undefined ? event.outcome : undefined;
}

/** What began while nobody could hear it and still goes on has a card from now on. */
async function placeWhereOpen(
  { board, network, channels, absences }: Telling,
  newest: OperationState,
  { at }: Entry,
): Promise<void> {
  if (board === undefined || newest.phase.kind === 'ended') return;
  for (const channel of channelsConcerned(newest, network.name, channels())) {
    if (await absences.covers(at, channel)) await board.place(channel, newest);
  }
}

interface Now {
  readonly about: About;
  readonly newest: OperationState;
  readonly entry: Entry;
}

async function sayAll(
  telling: Telling,
  state: OperationState,
  { about, newest, entry }: Now,
  told: readonly Told[],
): Promise<void> {
  const { network, channels, board, absences } = telling;
  for (const one of told) {
    for (const channel of channelsHearing(one, state, network.name, channels())) {
      if (!isStillAsked(one, newest) && (await absences.covers(entry.at, channel))) continue;
      if (board) await sayBesideCard(telling, channel, one, { board, newest, about });
      else await sayInLines(telling, channel, one, about);
    }
  }
}

/** Of what happened while nobody could hear it, only what somebody still has to answer. */
function isStillAsked({ as, key }: Told, newest: OperationState): boolean {
  const asked = askedNow(newest);
  return as === 'prompt' && asked !== undefined && key.startsWith(askedKey(asked));
}

type About = NonNullable<Outgoing['about']>;

async function sayInLines(
  saying: Saying,
  channel: string,
  { key, as, reactions, situation }: Told,
  about: About,
): Promise<void> {
  const lines = renderLines(situation, saying.network.can);
  await sayOnce(saying, channel, { key, as, ...(reactions && { reactions }), about, lines });
}
