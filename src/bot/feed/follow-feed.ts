import type { FeedItem, Journal } from '../../jobs/journal/journal.ts';
import { cursorSaver } from './cursor-saver.ts';
import { type Sleep, sleep } from './sleep.ts';

const FIRST_RETRY_MS = 1_000;
const SLOWEST_RETRY_MS = 15_000;
/** Saving a cursor is a write to disk, and looking again at entries that were passed over costs a read each. */
const SAVED_EVERY = 100;

export interface FollowOptions {
  readonly journal: Pick<Journal, 'feed' | 'cursor' | 'saveCursor'>;
  /** Whose cursor it is, e.g. `narrator irc`. */
  readonly reader: string;
  /** Where a reader that never read begins; `beginning` when absent. */
  readonly first?: 'beginning' | 'end';
  /**
   * Called for one entry after the other, for each at least once. `passed over` says that it was none of its business.
   * What it throws is reported, and it is called again for the same entry after a while.
   */
  handle(item: FeedItem, signal: AbortSignal): Promise<'handled' | 'passed over'>;
  readonly report: (problem: unknown) => void;
  /** Between two tries; a test lets it pass at once. */
  readonly sleep?: Sleep;
}

export interface Follower {
  /** Ends after what is being handled, which hears of it by its signal. */
  stop(): Promise<void>;
}

/** Follows the feed. The cursor is in the store and moves only past what was handled: whoever takes over misses nothing. */
export function followFeed(options: FollowOptions): Follower {
  const stopped = new AbortController();
  const followed = follow(options, stopped.signal);
  return {
    async stop() {
      stopped.abort();
      await followed;
    },
  };
}

async function follow(options: FollowOptions, signal: AbortSignal): Promise<void> {
  for (let retryMs = FIRST_RETRY_MS; !signal.aborted; ) {
    try {
      await readOn(options, signal, () => {
        retryMs = FIRST_RETRY_MS;
      });
    } catch (problem) {
      if (signal.aborted) return;
      options.report(problem);
      await (options.sleep ?? sleep)(retryMs, signal);
      retryMs = Math.min(retryMs * 2, SLOWEST_RETRY_MS);
    }
  }
}

async function readOn(
  { journal, reader, first, handle }: FollowOptions,
  signal: AbortSignal,
  onSaved: () => void,
): Promise<void> {
  const saver = cursorSaver(async (cursor) => {
    await journal.saveCursor(reader, cursor);
    onSaved();
  });
  const ends = AbortSignal.any([signal, saver.failed]);
  let unsaved = 0;
  try {
    for await (const item of journal.feed(await journal.cursor(reader, first), ends)) {
      const done = await handle(item, signal);
      unsaved += 1;
      if (done === 'passed over' && unsaved < SAVED_EVERY) continue;
      saver.save(item.cursor);
      unsaved = 0;
    }
  } finally {
    await saver.settled();
  }
}
