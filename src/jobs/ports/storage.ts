import type { StorageHealth } from '../../domain/storage-health.ts';

export interface StorageReads {
  /** As it is now. A Failure when nobody answers or when the answer is not understood: that is never healthy. */
  health(signal: AbortSignal): Promise<StorageHealth>;
  /** Whether the storage refuses everything that clients at this address began to use before now. */
  barred(client: ClientAddress, signal: AbortSignal): Promise<BarredClient>;
}

/** An IP address, as the storage sees it. */
export type ClientAddress = string;

export type BarredClient =
  | { readonly kind: 'open' }
  /** Milliseconds since 1970, by the storage's clock. */
  | { readonly kind: 'barred'; readonly until: number };

/** The storage that services live on, and the fence that it offers. Implemented by Ceph and a simulator. */
export interface Storage extends StorageReads {
  /**
   * Refuses every client at this address, also what it has under way, for so long; other services there as well. One that
   * is barred already stays so until then and no longer. So nothing is proved by this: read `barred`, with its end. A
   * lost answer is an unknown effect.
   */
  bar(client: ClientAddress, forMs: number, signal: AbortSignal): Promise<void>;
  /** Takes it back. Twice, or where nothing stands: nothing happens. */
  unbar(client: ClientAddress, signal: AbortSignal): Promise<void>;
}
