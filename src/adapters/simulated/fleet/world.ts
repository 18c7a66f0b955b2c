import type { Installation, InstallReport } from '../../../jobs/ports/installer.ts';
import type { Effect } from './effects.ts';
import type { Faults } from './faults.ts';
import type { LabClock } from './lab-clock.ts';
import type { LabHost } from './lab-host.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface LabBuilder {
  readonly id: number;
  readonly host: string;
  enabled: boolean;
  comment: string;
  /** Lab time. */
  checkedInAt: number | undefined;
}

export interface LabTask {
  readonly id: number;
  readonly method: string;
  readonly pkg: string;
  /** Lab time. */
  readonly startedAt: number;
  readonly lengthMs: number;
  state: 'open' | 'free' | 'closed' | 'canceled';
  /** The builder it runs on; undefined once it is back in the queue. */
  host: string | undefined;
  completedAt: number | undefined;
  /** Its host went down under it: it stays open until the build system frees it. */
  stalled: boolean;
}

/** A one-time token of an operation, and what came in under it. */
interface LabToken {
  readonly installation: Installation;
  open: boolean;
  report: InstallReport | undefined;
}

/** The whole state of the simulated farm. Only the functions of this folder change it. */
export interface World {
  readonly anyCommand: boolean;
  readonly clock: LabClock;
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly hosts: Map<string, LabHost>;
  readonly builders: Map<string, LabBuilder>;
  readonly tasks: Map<number, LabTask>;
  /** By operation and host. */
  readonly tokens: Map<string, LabToken>;
  readonly effects: Effect[];
  /** Up to which moment everything due has happened. */
  settledAt: number;
}

export function tokenKey(op: string, host: string): string {
  return `${op} ${host}`;
}

/** Each effect once, at the moment at which the world stands. */
export function record(world: World, effect: Omit<Effect, 'at'>): void {
  world.effects.push({ at: world.settledAt, ...effect });
}
