/** What a network has to know again after a restart, in the store, so that the bot which takes over knows it as well. */
export interface ChatMemory {
  get(name: string): Promise<string | undefined>;
  /** For so many seconds, or for good. */
  set(name: string, value: string, forS?: number): Promise<void>;
  /**
   * Keeps what the network brought before it is acknowledged there. False for an `id` that was taken in within the last week,
   * dealt with or not.
   */
  takeIn(id: string, text: string): Promise<boolean>;
  /** Taken in and not dealt with, oldest first. */
  waiting(): Promise<readonly TakenIn[]>;
  /**
   * Whatever was said until then counts for nothing more, in milliseconds since 1970: the store went backwards, so that it may
   * have been dealt with, and somebody accepted it then. 0 where that never happened.
   */
  acceptedAt(): Promise<number>;
  /** Again, or without having been taken in: harmless. */
  dealtWith(id: string): Promise<void>;
}

export interface TakenIn {
  readonly id: string;
  readonly text: string;
}
