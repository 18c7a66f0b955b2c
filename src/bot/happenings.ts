import type { OpId, UserId } from '../domain/ids.ts';
import { inLots } from '../domain/in-lots.ts';
import { zonesOfInventory } from '../domain/zones-of-inventory.ts';
import type { HeldClaim, Journal, OpRef } from '../jobs/journal/journal.ts';
import type { Entry } from '../jobs/model/event.ts';
import { foldEntries } from '../jobs/model/fold.ts';
import type { OperationState } from '../jobs/model/state.ts';
import { isLock } from '../policies/locks.ts';
import type { Bot } from './bot.ts';
import { type Channel, channelsConcerned } from './narrator/channels.ts';

/** So many operations are looked at, however long somebody was away. */
const LOOKED_AT = 200;
const AT_ONCE = 20;

/** The newest operations that a channel hears of, newest first. */
export interface Happenings {
  readonly operations: readonly OperationState[];
  /** When the person was last the author of an entry of any of them. */
  readonly lastWord: number | undefined;
  /** What is older than this was not looked at. */
  readonly from: number;
}

export async function lookBack(
  { journal, channels }: Pick<Bot, 'journal' | 'channels'>,
  place: Pick<Channel, 'network' | 'channel'>,
  person: UserId | undefined,
): Promise<Happenings> {
  const read = await readRecent(journal);
  const states = read.flatMap(({ state }) => state ?? []);
  const own = read.flatMap(({ entries }) => entries.filter(({ by }) => by === person));
  const words = own.filter(({ unvouched }) => unvouched === undefined).map(({ at }) => at);
  const oldest = states.find(({ op }) => op === read[LOOKED_AT - 1]?.op);
  return {
    operations: states.filter((state) => isHeardIn(place, state, channels())),
    lastWord: words.length > 0 ? Math.max(...words) : undefined,
    from: oldest?.requestedAt ?? 0,
  };
}

/** The newest operations, newest first, then others that are open. */
export async function readRecent(journal: Journal): Promise<readonly Read[]> {
  const recent = await journal.recent(LOOKED_AT);
  const open = await journal.open(LOOKED_AT);
  const refs = new Map([...recent, ...open].map((ref) => [ref.op, ref]));
  return readAll(journal, [...refs.values()]);
}

/** Locks that somebody set by hand since then and that still stand. */
export async function newLocks(
  since: number,
  { journal, inventory }: Pick<Bot, 'journal' | 'inventory'>,
): Promise<readonly HeldClaim[]> {
  const zones = zonesOfInventory(inventory());
  const views = await Promise.all(zones.map((zone) => journal.claims(zone)));
  const held = views.flatMap((view) => view.held);
  const locks = held.filter(({ claim }) => claim.kind === 'lock' && isLock(claim.key));
  return locks.filter((lock) => lock.byHand !== undefined && lock.since >= since);
}

/** In a place where nothing is told, such as a talk of two, somebody asks about everything. */
export function isHeardIn(
  { network, channel }: Pick<Channel, 'network' | 'channel'>,
  state: OperationState,
  channels: readonly Channel[],
): boolean {
  const isToldThere = channels.some((one) => one.network === network && one.channel === channel);
  return !isToldThere || channelsConcerned(state, network, channels).includes(channel);
}

interface Read {
  readonly op: OpId;
  readonly entries: readonly Entry[];
  readonly state: OperationState | undefined;
}

/** Some at a time, so that other commands get their turn. */
async function readAll(journal: Journal, refs: readonly OpRef[]): Promise<readonly Read[]> {
  const all: Read[] = [];
  for (const some of inLots(refs, AT_ONCE)) {
    const reads = some.map(async (ref) => {
      const entries = await journal.read(ref);
      return { op: ref.op, entries, state: foldEntries(ref.op, entries) };
    });
    all.push(...(await Promise.all(reads)));
  }
  return all;
}
