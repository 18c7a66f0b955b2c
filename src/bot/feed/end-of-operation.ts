import type { OpId } from '../../domain/ids.ts';
import type { FeedItem, Journal } from '../../jobs/journal/journal.ts';
import type { Entry } from '../../jobs/model/event.ts';
import { foldEntries } from '../../jobs/model/fold.ts';
import type { OperationState } from '../../jobs/model/state.ts';

/** Operations that are under way at the same time and whose entries were read ahead of the feed. */
const KEPT = 500;

/** How far an operation was read, and where in that it ended. */
interface Seen {
  readonly until: number;
  readonly end: number | undefined;
}

/**
 * Tells the entry of the feed that is an operation's end, and gives the operation as it was right then; undefined for
 * every other entry. What was read ahead of the feed is not read again.
 */
export function endOfOperation(
  journal: Pick<Journal, 'read'>,
): (item: FeedItem) => Promise<OperationState | undefined> {
  const seen = new Map<OpId, Seen>();

  async function look(item: FeedItem): Promise<Seen> {
    const before = seen.get(item.op);
    if (before !== undefined && item.seq < before.until) return before;
    const entries = await journal.read(item, item.seq);
    const until = item.seq + entries.length;
    return { until, end: entries.find(isEnd)?.seq };
  }

  return async (item) => {
    // Its first entry is the request.
    if (item.seq === 0) return undefined;
    const { until, end } = await look(item);
    seen.delete(item.op);
    if (item.seq < until - 1) seen.set(item.op, { until, end });
    forgetOldest(seen);
    if (item.seq !== end) return undefined;
    const entries = await journal.read(item);
    return foldEntries(
      item.op,
      entries.filter(({ seq }) => seq <= item.seq),
    );
  };
}

function isEnd({ event }: Entry): boolean {
  return event.kind === 'ended';
}

function forgetOldest(seen: Map<OpId, Seen>): void {
  const [oldest] = seen.keys();
  if (oldest !== undefined && seen.size > KEPT) seen.delete(oldest);
}
