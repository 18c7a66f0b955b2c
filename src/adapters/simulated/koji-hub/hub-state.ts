import type { Json } from '../../../domain/json.ts';

/** Koji's task states by number. Source: `TASK_STATES` in koji/__init__.py. */
export const HUB_TASK_STATES = [
  'free',
  'open',
  'closed',
  'canceled',
  'assigned',
  'failed',
] as const;
export type HubTaskState = (typeof HUB_TASK_STATES)[number];

export interface HubHost {
  readonly id: number;
  readonly name: string;
  /** Separated by spaces, as koji keeps them. */
  readonly arches: string;
  readonly capacity: number;
  readonly taskLoad: number;
  readonly enabled: boolean;
  readonly ready: boolean;
  /** Undefined is koji's nil: nobody ever set one. */
  readonly comment: string | undefined;
  readonly description: string | undefined;
  /** Milliseconds since 1970; undefined if the builder never checked in. */
  readonly checkedInAt: number | undefined;
  readonly channels: readonly string[];
}

export interface HubTask {
  readonly id: number;
  readonly method: string;
  /** The parameters of the task, e.g. for `build` the source, the target and the options. */
  readonly request: readonly Json[];
  readonly arch: string;
  readonly state: HubTaskState;
  readonly hostId: number | undefined;
  readonly parent: number | undefined;
  /** It is open, and waits for its children. */
  readonly waiting: boolean;
  /** The name of a user of the hub. */
  readonly owner: string;
  /** Milliseconds since 1970, all three. */
  readonly createdAt: number;
  readonly startedAt: number | undefined;
  readonly completedAt: number | undefined;
}

export type HubHostChange = Partial<
  Pick<HubHost, 'enabled' | 'ready' | 'comment' | 'description' | 'arches' | 'capacity'>
>;

/** The world behind the simulated hub. The hub checks rights and arguments; the state only changes. */
export interface HubState {
  /** Milliseconds since 1970 by the hub's clock. */
  now(): number;
  hosts(): readonly HubHost[];
  tasks(): readonly HubTask[];
  /** Only called with the id of a host in `hosts()`. */
  changeHost(id: number, change: HubHostChange): void;
  /** The task goes back into the queue and belongs to no host. Only called while it is open or assigned. */
  freeTask(id: number): void;
  /** Only called while the task is not finished. */
  cancelTask(id: number): void;
}
