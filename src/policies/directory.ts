import type { UserId } from '../domain/ids.ts';
import type { Person } from '../domain/inventory.ts';

/** An answer that carries why. "Could not be asked" is neither somebody nor nobody. */
export type Identified =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'nobody'; readonly because: string; readonly next: string }
  | { readonly kind: 'unavailable'; readonly directory: string; readonly because: string };

/** `cached` is good enough for talk; approvals and points of no return ask `fresh`. */
export type Freshness = 'cached' | 'fresh';

/** Who people are and which groups they are in. Never throws for an outage: that is an answer of its own. */
export interface Directory {
  /** The person to whom a network's vouched-for id belongs. An id that two entries claim belongs to nobody. */
  identify(network: string, id: string, freshness: Freshness): Promise<Identified>;
  person(id: UserId, freshness: Freshness): Promise<Identified>;
}
