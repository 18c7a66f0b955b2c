import type { HostName, OpId, ServiceName } from '../../domain/ids.ts';
import type { Ended } from '../model/event.ts';

/** The last operation that moved a service, as the journal has it. */
export interface LastSwap {
  readonly op: OpId;
  readonly service: ServiceName;
  readonly outcome: Ended;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly from: HostName;
  readonly to: HostName;
  /** Where it left the name; undefined where it was given up, so that nobody can say. */
  readonly active: HostName | undefined;
  /** When a member was last tested and passed, by member, in milliseconds since 1970. */
  readonly provedAt: ReadonlyMap<HostName, number>;
}

/** What the record has about services. */
export interface SwapRecord {
  /** Undefined where none has ended that is still on record. */
  last(service: ServiceName): Promise<LastSwap | undefined>;
}
