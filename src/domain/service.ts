import type { EnvironmentName, HostName, PoolName, ServiceName, ZoneName } from './ids.ts';
import type { Playbook } from './inventory.ts';
import type { ServiceCheck } from './service-check.ts';
import type { Window } from './window.ts';

/** What the bot itself stands on: a host that carries one of these is not taken down by the bot. */
export const CARRIED = ['bot', 'store', 'dns', 'directory'] as const;
export type Carried = (typeof CARRIED)[number];

export interface ServiceMember {
  readonly host: HostName;
  /** What the service's name is an alias of while this member is the active one. */
  readonly pointsAt: HostName;
  readonly carries: readonly Carried[];
}

/** The name that people use. The member it points at is the active one, whatever any file says. */
export interface ServiceDns {
  readonly name: HostName;
  /** Seconds, while nothing is about to happen. */
  readonly ttl: number;
  /** Seconds, around a swap: for so long some clients may still go to the old one. */
  readonly swapTtl: number;
}

export interface ServiceUnits {
  /** Run on every member at all times, so that a member that is not active any more still serves. */
  readonly both: readonly string[];
  /** Would do harm if they ran on two members: stopped and proved so on one before they are started on another. */
  readonly one: readonly string[];
}

/** How a member is updated, in this order: the commands, the playbook, the reboot. */
export interface UpdateRecipe {
  readonly commands: readonly (readonly string[])[];
  readonly playbook?: Playbook;
  readonly reboot: boolean;
}

/** Whether the name goes back by itself when the service fails its tests after a swap. */
export interface AutomaticReturn {
  readonly allowed: boolean;
  /**
   * What was written after a promotion: `compatible` with the member it came from, `looked-up` by a command on the new
   * active member that ends with 0 when nothing was written, or `unknown`, which allows no automatic return.
   */
  readonly writes:
    | { readonly kind: 'compatible' | 'unknown' }
    | { readonly kind: 'looked-up'; readonly by: readonly string[] };
}

/** What may prove that a member which does not answer runs nothing any more. */
export const FENCES = ['power', 'blocklist'] as const;
export type Fence = (typeof FENCES)[number];

/** Something that people use under one name, and that several hosts can provide, one at a time. */
export interface Service {
  readonly name: ServiceName;
  /** Of all its members. */
  readonly zone: ZoneName;
  readonly environment: EnvironmentName;
  /** Two or more. */
  readonly members: readonly ServiceMember[];
  readonly dns: ServiceDns;
  /** What has to pass on a member before the name points at it, and under the name afterwards. */
  readonly checks: readonly ServiceCheck[];
  /** What has to pass on a standby before anything begins: that it is not stale, that its disks are sound. */
  readonly standbyChecks: readonly ServiceCheck[];
  readonly units: ServiceUnits;
  /** Guests of this pool that run on members are builders: they run where the service is not active. */
  readonly builders?: PoolName;
  /** It lives on the zone's storage, which has to be healthy but for these conditions. */
  readonly storage?: { readonly tolerates: readonly string[] };
  readonly update?: UpdateRecipe;
  readonly automaticReturn: AutomaticReturn;
  readonly fences: readonly Fence[];
  /** When it may be swapped; at any time when absent. */
  readonly window?: Window;
}
