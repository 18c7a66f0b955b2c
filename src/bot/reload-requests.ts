import type { ZoneName } from '../domain/ids.ts';

/** What a worker says of itself now and then. */
export interface WorkerReport {
  /** Its machine and process, `node-2:4711`. */
  readonly worker: string;
  /** Milliseconds since 1970, by the store's clock. */
  readonly at: number;
  /** Revision of the inventory that it works with. */
  readonly inventory: string;
  /** The newest request to reload that it has followed; 0 before the first. */
  readonly answered: number;
  /** Why it refused what it read last; empty when it took it. */
  readonly refused: readonly string[];
}

/** Requests to reload, kept where a worker that was away for a moment still finds them. */
export interface ReloadRequests {
  /** One more request; gives its number. */
  request(zone: ZoneName): Promise<number>;
  /** 0 when there was none. */
  newest(zone: ZoneName): Promise<number>;
  /** Replaces what this worker said before. */
  tell(zone: ZoneName, report: WorkerReport): Promise<void>;
  /** Everything workers have said, also those that are no more. */
  reports(zone: ZoneName): Promise<readonly WorkerReport[]>;
  leave(zone: ZoneName, worker: string): Promise<void>;
}
