import type { OpId } from '../../domain/ids.ts';
import type { FeedItem, OpRef } from '../journal/journal.ts';
import type { AnchoredHead } from './anchor.ts';

/** What is stored of an operation, read in one moment. */
export interface RawJournal {
  readonly texts: readonly string[];
  /** Where the store notes that it ends; undefined where it notes nothing. */
  readonly head: AnchoredHead | undefined;
}

/** The store as an auditor sees it: what is there, taken for true nowhere. */
export interface AuditStore {
  operations(): Promise<readonly OpRef[]>;
  journal(ref: OpRef): Promise<RawJournal>;
  /** Where journals end, as the store notes it. Those that are not there are left out. */
  heads(refs: readonly OpRef[]): Promise<ReadonlyMap<OpId, AnchoredHead>>;
  /** Items of the feed after `cursor` (`0` is the beginning), up to its end. */
  feedAfter(cursor: string): AsyncIterable<FeedItem>;
}
