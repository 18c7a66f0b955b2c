import type { OpId } from '../../domain/ids.ts';
import { Anchor, anchorLine } from '../../jobs/audit/anchor.ts';
import type { Anchors } from '../../jobs/audit/anchors.ts';
import type { AuditStore } from '../../jobs/audit/audit-store.ts';
import type { Old, Retention } from '../../jobs/audit/retention.ts';
import type { Journal, OpRef } from '../../jobs/journal/journal.ts';
import type { Signer } from '../../jobs/signing/signer.ts';
import { type Follower, followFeed } from '../feed/follow-feed.ts';

/** Whichever comes first. */
const EVERY_ENTRIES = 500;
const EVERY_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;

export interface AnchoringOptions {
  readonly journal: Pick<Journal, 'feed'>;
  readonly store: Pick<AuditStore, 'heads' | 'feedAfter'>;
  readonly anchors: Anchors;
  readonly signer: Signer;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  readonly report: (problem: unknown) => void;
  /** Absent where everything is kept for ever. */
  readonly retention?: Retention;
  readonly everyEntries?: number;
  readonly everyMs?: number;
}

/** Follows the feed and writes down outside of the store where journals end: now and then, and when it is stopped. */
export function startAnchoring(options: AnchoringOptions): Follower {
  const { journal, anchors, report } = options;
  const { everyEntries = EVERY_ENTRIES, everyMs = EVERY_MS } = options;
  let moved = new Map<OpId, OpRef>();
  let upTo: string | undefined;
  let entries = 0;
  // The last line as this one knows it: another one is there when anchors began anew after a loss.
  let known: string | undefined;
  // Where there are none yet, nothing says what was there.
  let isFirst = false;
  let lookAgainAt = 0;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const old = await oldNow();
    const last = await anchors.last();
    if (last !== known) await hearAgain(last);
    const feed = upTo ?? (old && last && Anchor.parse(JSON.parse(last)).feed);
    if (feed === undefined) return;
    const heads = Object.fromEntries(await options.store.heads([...moved.values()]));
    const gone = old && { removed: old.removed, feedFrom: old.feedFrom };
    const anchored = { at: options.now(), feed, heads, ...gone };
    const line = await anchorLine(options.signer, last, anchored);
    if (!(await anchors.append(line, last))) return;
    known = line;
    if (upTo === feed) [moved, upTo, entries] = [new Map(), undefined, 0];
    if (old !== undefined) await options.retention?.remove(old);
  }

  /** What was heard until now may be of a history that was lost: what there is counts instead. */
  async function hearAgain(last: string | undefined): Promise<void> {
    [moved, upTo, entries, known] = [new Map(), undefined, 0, last];
    const items = options.store.feedAfter(placeIn(last));
    for await (const { op, zone, cursor } of items) {
      moved.set(op, { op, zone });
      upTo = cursor;
    }
  }

  /** Once a day. */
  async function oldNow(): Promise<Old | undefined> {
    if (options.retention === undefined || options.now() < lookAgainAt) return undefined;
    const old = await options.retention.old();
    lookAgainAt = options.now() + DAY_MS;
    return old;
  }

  /** One after the other; what was not written is part of the next one. */
  function anchor(): Promise<void> {
    writing = writing.then(write).catch(report);
    return writing;
  }

  const timer = setInterval(() => void anchor(), everyMs);
  timer.unref();
  const follower = followFeed({
    journal: {
      feed: journal.feed,
      // Its place is in the last anchor: what no anchor covers is looked at again.
      cursor: async () => {
        known = await anchors.last();
        isFirst = known === undefined;
        return placeIn(known);
      },
      saveCursor: async () => undefined,
    },
    reader: 'anchors',
    async handle({ op, zone, cursor }) {
      moved.set(op, { op, zone });
      upTo = cursor;
      entries += 1;
      if (isFirst || entries >= everyEntries) await anchor();
      isFirst = false;
      return 'passed over';
    },
    report,
  });
  return {
    async stop() {
      clearInterval(timer);
      await follower.stop();
      await anchor();
    },
  };
}

function placeIn(line: string | undefined): string {
  return line === undefined ? '0' : Anchor.parse(JSON.parse(line)).feed;
}
