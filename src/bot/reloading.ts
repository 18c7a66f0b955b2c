import type { UserId, ZoneName } from '../domain/ids.ts';

/** What became of reading the configuration again. What is refused is refused whole, and what was in use stays. */
export type Reloaded =
  /** What has changed, in words. */
  | { readonly kind: 'taken'; readonly what: string }
  /** Each with file, line and column where it has them. */
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** What a worker says when it was asked to reload; `silent` when it has not said anything yet. */
export interface WorkerAnswer {
  readonly zone: ZoneName;
  /** Its machine and process, `node-2:4711`. */
  readonly worker: string;
  readonly says: 'taken' | 'refused' | 'silent';
  readonly problems: readonly string[];
}

/** Reading the configuration again, here and in the workers. */
export interface Reloading {
  /** In this process. While one is under way, another follows it, so that what was written meanwhile is read. */
  here(by: UserId): Promise<Reloaded>;
  /** Asks the workers of all zones, and waits a few seconds at most for what they say. */
  elsewhere(): Promise<readonly WorkerAnswer[]>;
  /** A line for each worker that does not work with the inventory that the bot works with. */
  differing(): Promise<readonly string[]>;
}
