import type { HostName, ServiceName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { Journal } from '../../jobs/journal/journal.ts';
import type { Bookmarks } from '../../jobs/ports/bookmarks.ts';
import type { OperationThreads } from '../../jobs/ports/operation-threads.ts';
import type { Ports } from '../../jobs/ports/ports.ts';
import type { StepLog } from '../../jobs/ports/step-log.ts';

/** Where one rehearsal takes place: a world and a record of its own, which nobody sees and which end with it. */
export interface Stage {
  readonly ports: Ports;
  readonly journal: Journal;
  readonly stepLog: StepLog;
  readonly threads: OperationThreads;
  readonly bookmarks: Bookmarks;
  /** Milliseconds since 1970, by a clock that stands still until it is moved. */
  readonly now: () => number;
  advance(ms: number): void;
}

/** One host or one service of an inventory. */
export type StageSubject = { readonly host: HostName } | { readonly service: ServiceName };

/** A stage with that and what it runs on. */
export type SetStage = (inventory: Inventory, about: StageSubject, startAt: number) => Stage;
