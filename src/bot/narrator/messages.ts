/** Which chat message stands for what, for a month after it was last said. */
export interface Messages {
  /** `ref` is the network's own id of the message; `key` says what it stands for. Again: the newer message stands for it. */
  remember(network: string, key: string, ref: string): Promise<void>;
  /** The message that stands for `key`. */
  find(network: string, key: string): Promise<string | undefined>;
  /** What a message stands for, also one that was superseded since. */
  subjectOf(network: string, ref: string): Promise<string | undefined>;
}
