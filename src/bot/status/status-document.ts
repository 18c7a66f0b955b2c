import type { HostName, OpId, ServiceName, UserId, ZoneName } from '../../domain/ids.ts';
import type { Pool } from '../../domain/inventory.ts';
import type { OperationState, Phase } from '../../jobs/model/state.ts';
import type { Freeze } from '../../policies/freezes.ts';
import { waitsForPeople } from '../waiting-operations.ts';
import type { ReadOnlyStore } from '../watch-store.ts';
import type { PoolState } from './pool-state.ts';

/** What was read at one moment, to be told. */
export interface StatusFacts {
  /** Milliseconds since 1970, like every time in it. */
  readonly at: number;
  readonly readOnly: ReadOnlyStore | undefined;
  /** Those in force. */
  readonly freezes: readonly Freeze[];
  readonly hosts: number;
  readonly pools: readonly { readonly pool: Pool; readonly state: PoolState }[];
  readonly services: readonly ServiceState[];
  /** Those that have not ended, newest first. */
  readonly operations: readonly OperationState[];
}

export interface ServiceState {
  readonly name: ServiceName;
  /** Undefined where nobody knows, or DNS servers disagree. */
  readonly active: HostName | undefined;
}

/** What other programs are told of how everything is. Times are ISO 8601 in UTC, null is unknown or none. Fields are only ever added. */
export interface StatusDocument {
  readonly at: string;
  /** Null where everything may change. */
  readonly readOnly: { readonly since: string; readonly because: string } | null;
  readonly freezes: readonly {
    readonly on: string;
    readonly because: string;
    readonly from: string;
    /** Null: until somebody thaws it. */
    readonly until: string | null;
    /** Null for one of the configuration. */
    readonly by: string | null;
  }[];
  readonly hosts: number;
  readonly pools: readonly {
    readonly name: string;
    readonly hosts: number;
    readonly buildSystem: PoolState['buildSystem'];
    /** How many take work; null unless the build system answers. */
    readonly inService: number | null;
    readonly outOfService: readonly HostName[] | null;
  }[];
  readonly services: readonly { readonly name: ServiceName; readonly active: HostName | null }[];
  readonly operations: {
    readonly open: number;
    readonly waitingForPeople: number;
    /** All of them, newest first. */
    readonly list: readonly {
      readonly op: OpId;
      readonly zone: ZoneName;
      readonly command: string;
      readonly requester: UserId;
      readonly requestedAt: string;
      readonly phase: Phase['kind'];
      readonly waitsForPeople: boolean;
    }[];
  };
}

export function statusDocument(facts: StatusFacts): StatusDocument {
  const { at, readOnly, freezes, hosts, pools, services, operations } = facts;
  return {
    at: time(at),
    readOnly: readOnly ? { since: time(readOnly.since), because: readOnly.because } : null,
    freezes: freezes.map(freezeOf),
    hosts,
    pools: pools.map(poolOf),
    services: services.map(({ name, active = null }) => ({ name, active })),
    operations: {
      open: operations.length,
      waitingForPeople: operations.filter(waitsForPeople).length,
      list: operations.map(operationOf),
    },
  };
}

function freezeOf({ on, because, from, until, set }: Freeze) {
  return {
    on,
    because,
    from: time(from),
    until: until === undefined ? null : time(until),
    by: 'by' in set ? set.by : null,
  };
}

function poolOf({ pool: { name, hosts }, state }: StatusFacts['pools'][number]) {
  const away = state.buildSystem === 'answers' ? state.away : undefined;
  return {
    name,
    hosts: hosts.length,
    buildSystem: state.buildSystem,
    inService: away ? hosts.length - away.length : null,
    outOfService: away ?? null,
  };
}

function operationOf(state: OperationState) {
  const { op, request, requester, requestedAt, phase } = state;
  return {
    op,
    zone: request.plan.zone,
    command: request.command,
    requester,
    requestedAt: time(requestedAt),
    phase: phase.kind,
    waitsForPeople: waitsForPeople(state),
  };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
