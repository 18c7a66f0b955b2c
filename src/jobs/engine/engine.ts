import type { Journal, OpRef } from '../journal/journal.ts';
import type { ReminderTimes } from '../model/reminders.ts';
import type { Runbook } from '../model/runbook.ts';
import type { Bookmarks } from '../ports/bookmarks.ts';
import type { Downtime } from '../ports/downtime.ts';
import type { OperationThreads } from '../ports/operation-threads.ts';
import type { Ports } from '../ports/ports.ts';
import type { StepLog } from '../ports/step-log.ts';
import type { EngineWatch } from './engine-watch.ts';
import type { Gate } from './gate.ts';
import type { Redactor } from './redactor.ts';

export interface Timing {
  /** How long a worker may be silent before another takes over. */
  readonly leaseMs: number;
  /** Waits and backoffs are divided by this: 1 outside a lab, where time is scaled. */
  readonly timeScale: number;
}

/**
 * The ports as they are now, which stay as they are and open until the work is over, whatever is reloaded meanwhile. The
 * next call may get others.
 */
export type WithPorts = <T>(work: (ports: Ports) => Promise<T>) => Promise<T>;

export const DEFAULT_TIMING: Timing = { leaseMs: 15_000, timeScale: 1 };

/** Everything a worker needs to move operations on. */
export interface Engine {
  readonly journal: Journal;
  readonly runbooks: ReadonlyMap<string, Runbook>;
  readonly withPorts: WithPorts;
  /** Silences alerts around an operation; absent where the zone has nothing for it. */
  readonly downtime?: Downtime | undefined;
  readonly gate: Gate;
  readonly stepLog: StepLog;
  readonly threads: OperationThreads;
  readonly bookmarks: Bookmarks;
  readonly redactor: Redactor;
  /** As they are now, by the wall clock also where time is scaled; absent where nobody is reminded. */
  readonly reminders?: () => ReminderTimes;
  readonly timing: Timing;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  /** Monotonic milliseconds: what deadlines of leases are counted by. */
  readonly monotonic: () => number;
  /** What went wrong here and is nobody's answer: bugs, a store that is away. */
  readonly report: (problem: unknown, about: OpRef | undefined) => void;
  /** Absent where nobody follows what it does. */
  readonly watch?: EngineWatch | undefined;
}
