import type { OpId } from '../../domain/ids.ts';
import type { FeedItem, Journal } from '../../jobs/journal/journal.ts';
import { type Ended, type Entry, knownEvent } from '../../jobs/model/event.ts';
import { foldEntry } from '../../jobs/model/fold.ts';
import type { OperationState } from '../../jobs/model/state.ts';
import type { ChatNetwork, Outgoing } from '../chat-network.ts';
import type { Estimates } from '../estimates/estimates.ts';
import { type Follower, followFeed } from '../feed/follow-feed.ts';
import type { Absences } from './absences.ts';
import type { Channel } from './channels.ts';
import { channelsConcerned, channelsForEscalation } from './channels.ts';
import type { PatientMessages } from './patient-messages.ts';
import { renderLines } from './render-lines.ts';
import { type Saying, sayOnce } from './say-once.ts';
import { askedKey, askedNow } from './subject-key.ts';
import { type TellFacts, type Told, tell } from './tell.ts';

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
}

/**
 * Follows the feed and tells a network's channels what happens, in order. What was said is remembered by its key: a
 * narrator that takes over misses nothing and repeats at most the one message that its predecessor died over.
 */
export function startNarrator(options: NarratorOptions): Follower {
  const { network, journal, report } = options;
  const telling = { ...options, unnoted: new Map<string, string>() };
  const states = new Map<OpId, OperationState>();
  return followFeed({
    journal,
    reader: `narrator ${network.name}`,
    async handle(item) {
      await narrate(telling, states, item);
      return 'handled';
    },
    report,
    sleep: options.absences.sleep,
  });
}

type Telling = NarratorOptions & Saying;

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
      const newest = () => entries.slice(entries.indexOf(entry)).reduce(folded(op), before);
      const missed = telling.absences.covers(entry.at);
      const ended = endedIn(entry);
      const about = { op, ...(ended && { ended }) };
      await sayAll(telling, after, about, missed ? stillAsked(told, newest()) : told);
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

/** Of what happened while nobody could hear it, only what somebody still has to answer. */
function stillAsked(told: readonly Told[], newest: OperationState | undefined): readonly Told[] {
  const asked = newest && askedNow(newest);
  if (asked === undefined) return [];
  return told.filter(({ as, key }) => as === 'prompt' && key.startsWith(askedKey(asked)));
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

async function sayAll(
  telling: Telling,
  state: OperationState,
  about: NonNullable<Outgoing['about']>,
  told: readonly Told[],
): Promise<void> {
  const { network, channels } = telling;
  const concerned = channelsConcerned(state, network.name, channels());
  const others = channelsForEscalation(network.name, channels());
  for (const { escalated, situation, ...what } of told) {
    const everywhere = escalated ? new Set([...concerned, ...others]) : concerned;
    const lines = renderLines(situation, network.can);
    for (const channel of everywhere) {
      await sayOnce(telling, channel, { ...what, about, lines });
    }
  }
}
