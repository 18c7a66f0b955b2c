import type { HostName } from '../../domain/ids.ts';

export interface Builder {
  readonly enabled: boolean;
  readonly comment: string;
  /** It says itself that it takes work. */
  readonly ready: boolean;
  /** When it last checked in, milliseconds since 1970 by the hub's clock; undefined if never. */
  readonly checkedInAt: number | undefined;
}

export interface BuildTask {
  readonly id: number;
  /** What people call it, e.g. `buildArch kernel`. */
  readonly label: string;
  /** Milliseconds since 1970; undefined while it is assigned and not started. */
  readonly startedAt: number | undefined;
  /** How long such a task usually takes, where the build system knows. */
  readonly usualMs?: number;
  /** Open here until its children are finished: it does no work on this host, and would be lost with it all the same. */
  readonly waitsForChildren: boolean;
}

/** What the bot's rights in the build system allow to be done with some tasks. */
export interface TaskRights {
  readonly requeue: readonly number[];
  readonly cancel: readonly number[];
  /** Who lacks what to requeue all of them, e.g. `bot lacks the permission admin in koji`. */
  readonly lacking: string | undefined;
}

export interface BuildFarmReads {
  /** A Failure with code `farm.unknown-builder` when the build system has no such builder. */
  builder(host: HostName, signal: AbortSignal): Promise<Builder>;
  /** Tasks assigned to the builder or running on it. */
  tasks(host: HostName, signal: AbortSignal): Promise<readonly BuildTask[]>;
  /** Which of these take no work now, whoever disabled them; asked in as few calls as the build system allows. */
  outOfService(hosts: readonly HostName[], signal: AbortSignal): Promise<readonly HostName[]>;
  rights(tasks: readonly number[], signal: AbortSignal): Promise<TaskRights>;
}

/** A build system and its builders. Implemented by koji and a simulator. */
export interface BuildFarm extends BuildFarmReads {
  /** Takes no new work; running tasks go on. Sets the comment as well. Twice is harmless. */
  disable(host: HostName, comment: string, signal: AbortSignal): Promise<void>;
  /** Takes work again, with this comment. Twice is harmless. */
  enable(host: HostName, comment: string, signal: AbortSignal): Promise<void>;
  /** Cancels the task here and puts it back into the queue. A task that is finished or free already is no error. */
  requeue(task: number, signal: AbortSignal): Promise<void>;
  /** Ends the task and its children for good. One that is finished or free already is no error, and stays so. */
  cancel(task: number, signal: AbortSignal): Promise<void>;
}
