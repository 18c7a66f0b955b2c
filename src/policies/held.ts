import type { HostName, PoolName } from '../domain/ids.ts';

/** What an operation wants to hold, or holds. */
export type WantedClaim =
  | { readonly kind: 'lock'; readonly key: string }
  | { readonly kind: 'budget'; readonly pool: PoolName; readonly host: HostName }
  | { readonly kind: 'amount'; readonly of: string; readonly units: number };

/** Who set a lock by hand, and why. */
export interface ByHand {
  readonly by: string;
  readonly because: string;
  /** Milliseconds since 1970, by the store's clock; from then on there is no such lock. */
  readonly until?: number;
  /** Of a freeze: commands that go on nevertheless. */
  readonly except?: readonly string[];
  /** Of a quarantine: who is to look after it, where that is not who set it. */
  readonly owner?: string;
  /** Of failures in a row: how many. */
  readonly times?: number;
}

export interface Held {
  /** Undefined for a lock set by hand. */
  readonly op?: string;
  readonly claim: WantedClaim;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly byHand?: ByHand;
  /** What the operation is, e.g. `reimage builder-07, asked by ana`. */
  readonly about?: string;
}
