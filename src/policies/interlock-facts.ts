import type { HostName, PoolName } from '../domain/ids.ts';
import type { Waiter } from './claim-queue.ts';
import type { Frozen } from './freezes.ts';
import type { Held } from './held.ts';

export interface PoolFacts {
  readonly hosts: readonly HostName[];
  readonly maxUnavailable: number;
  readonly onePerArchitecture: boolean;
  /** Out of service in the build system, whoever took them out; undefined when it did not answer. */
  readonly outOfService: readonly HostName[] | undefined;
}

export interface InterlockFacts {
  /** The operation that asks; what it holds itself is not in its way. */
  readonly op: string | undefined;
  readonly held: readonly Held[];
  /** In the order they came. */
  readonly waiting: readonly Waiter[];
  readonly pools: ReadonlyMap<PoolName, PoolFacts>;
  readonly architectureOf: (host: HostName) => string | undefined;
  /** How much there is of something that is counted; undefined when nobody knows. */
  readonly capacityOf: (what: string) => number | undefined;
  /** Whether a freeze is in its way; open for what is no operation. */
  readonly frozen: Frozen;
  readonly prefix: string;
}

/** What holds something beside the one that asks. */
export function others({ held, op }: Pick<InterlockFacts, 'held' | 'op'>): readonly Held[] {
  return held.filter((holder) => holder.op === undefined || holder.op !== op);
}

/** As if these hosts were in service again. */
export function withBack(hosts: ReadonlySet<string>, facts: InterlockFacts): InterlockFacts {
  const pools = [...facts.pools].map(([name, pool]) => {
    const outOfService = pool.outOfService?.filter((host) => !hosts.has(host));
    return [name, { ...pool, outOfService }] as const;
  });
  return { ...facts, pools: new Map(pools) };
}
