/** What several bots must not do at the same time: to talk on a network, to learn, to serve installers. */
export interface DutyLease {
  /** One higher each time that it changes hands. */
  readonly epoch: number;
  /** By our own monotonic clock (`performance.now()`), counted from before the request was sent. */
  readonly deadline: number;
  /** By the store's clock, since when whoever had it before may have done nothing of it; absent where nobody had it, or let go of it. */
  readonly silentMs?: number;
}

/** Leases by the store's clock alone. */
export interface DutyLeases {
  /** Undefined while another bot has it. */
  take(duty: string, nonce: string, ttlMs: number): Promise<DutyLease | undefined>;
  /** A new deadline, or undefined when somebody else has it by now. */
  renew(duty: string, nonce: string, ttlMs: number): Promise<number | undefined>;
  /** Lets another have it at once. Does nothing when somebody else has it. */
  release(duty: string, nonce: string): Promise<void>;
}
