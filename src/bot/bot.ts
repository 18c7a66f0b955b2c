import type { HostName, PoolName, ZoneName } from '../domain/ids.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { Doorbell, Journal } from '../jobs/journal/journal.ts';
import type { Runbook } from '../jobs/model/runbook.ts';
import type { ReadPorts } from '../jobs/ports/ports.ts';
import type { StepLog } from '../jobs/ports/step-log.ts';
import type { Directory } from '../policies/directory.ts';
import type { Freeze } from '../policies/freezes.ts';
import type { Policy } from '../policies/policy.ts';
import type { Command } from './command.ts';
import type { Estimates } from './estimates/estimates.ts';
import type { GlassDesk } from './glass/glass-desk.ts';
import type { IdentityDesk } from './identity/identity-desk.ts';
import type { Looks } from './looks.ts';
import type { Channel } from './narrator/channels.ts';
import type { Operations } from './operations.ts';
import type { Refusals } from './refusals/refusals.ts';
import type { SetStage } from './rehearsal/stage.ts';
import type { Reloading } from './reloading.ts';
import type { ReadOnlyStore } from './watch-store.ts';

/**
 * Everything commands may use. They read, decide and append; they never act on infrastructure. A reload may give it another
 * prefix, directory, inventory and policy between two questions.
 */
export interface Bot {
  readonly name: string;
  readonly prefix: string;
  readonly inventory: () => Inventory;
  /** With what break-glass grants, while it is open. */
  readonly policy: () => Policy;
  /** Those of the configuration. */
  readonly freezes: () => readonly Freeze[];
  /** With the holders in its place, while break-glass is open and it cannot be asked. */
  readonly directory: Directory;
  readonly glass: GlassDesk;
  readonly refusals: Refusals;
  readonly identity: IdentityDesk;
  readonly journal: Journal;
  /** Why nothing in the store may change; undefined where everything may. */
  readonly readOnly: () => Promise<ReadOnlyStore | undefined>;
  readonly doorbell: Doorbell;
  readonly channels: () => readonly Channel[];
  readonly operations: Operations;
  readonly stepLog: StepLog;
  readonly estimates: Estimates;
  readonly runbooks: ReadonlyMap<string, Runbook>;
  readonly commands: ReadonlyMap<string, Command>;
  /** What planning may read in a zone. */
  readonly read: (zone: ZoneName) => ReadPorts;
  readonly outOfService: OutOfService;
  /** Whether the zone has a build system that could say who is out of service. */
  readonly hasFarm: (zone: ZoneName) => boolean;
  readonly setStage: SetStage;
  readonly looks: Looks;
  /** Replaces the secrets that this process knows. */
  readonly redact: (text: string) => string;
  readonly reloading: Reloading;
  readonly approvalExpiresMs: number;
  readonly timeScale: number;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
  readonly report: (problem: unknown) => void;
}

/** Hosts of a pool that take no work, as the build system says; undefined when it did not answer. */
export type OutOfService = (
  pool: PoolName,
  freshness: 'cached' | 'fresh',
) => Promise<readonly HostName[] | undefined>;
