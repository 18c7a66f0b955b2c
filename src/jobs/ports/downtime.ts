import type { HostName, OpId, UserId } from '../../domain/ids.ts';

export interface DowntimeNotice {
  readonly op: OpId;
  /** Who asked for the operation. */
  readonly by: UserId;
  /** What was asked for, as it was typed. */
  readonly reason: string;
  /** When it is over by itself, in milliseconds since 1970. */
  readonly until: number;
}

/** Keeps monitoring from alerting about a host that is being worked on. It spares people noise; nothing is safe because of it. */
export interface Downtime {
  /**
   * No alerts about the host before `until`. Again for the same operation, also by another worker: what stands lasts until
   * then, and there is no second. What other operations or people have silenced is left alone.
   */
  begin(host: HostName, notice: DowntimeNotice, signal: AbortSignal): Promise<void>;
  /** Takes back what this operation began. Twice, or where nothing stands: nothing happens. */
  end(host: HostName, op: OpId, signal: AbortSignal): Promise<void>;
}
