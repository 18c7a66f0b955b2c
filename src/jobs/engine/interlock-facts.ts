import type { HostName, OpId, PoolName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import type { InterlockFacts, PoolFacts } from '../../policies/interlock-facts.ts';
import type { HeldClaim, WaitingOp } from '../journal/journal.ts';
import type { Claim } from '../model/plan.ts';
import { type FreezeQuestion, frozenNow } from './freeze-facts.ts';

export interface InterlockQuestion {
  /** Undefined while it is only being planned. */
  readonly op: OpId | undefined;
  readonly claims: readonly Claim[];
  readonly held: readonly HeldClaim[];
  /** Who stands in line; nobody for what does not have to. */
  readonly waiting?: readonly WaitingOp[];
  readonly inventory: Inventory;
  /** Out of service as the build system says; undefined when it did not answer. */
  readonly away: (pool: PoolName) => Promise<readonly HostName[] | undefined>;
  /** What wants to start or go on; undefined for a lock by hand, which no freeze stops. */
  readonly freeze: FreezeQuestion | undefined;
  readonly prefix: string;
}

/** Gathers what the interlocks decide on: only the pools that are wanted are asked about. */
export async function interlockFacts(question: InterlockQuestion): Promise<InterlockFacts> {
  const { op, claims, held, waiting = [], inventory, away, freeze, prefix } = question;
  const wanted = claims.flatMap((claim) => (claim.kind === 'budget' ? [claim.pool] : []));
  const outOfService = new Map<PoolName, readonly HostName[] | undefined>();
  for (const pool of new Set(wanted)) outOfService.set(pool, await away(pool));
  const pools = [...inventory.pools.values()].map((pool): [PoolName, PoolFacts] => [
    pool.name,
    { ...pool, outOfService: outOfService.get(pool.name) },
  ]);
  return {
    op,
    held,
    waiting,
    pools: new Map(pools),
    architectureOf: (host) => inventory.hosts.get(host)?.architecture,
    capacityOf: () => undefined,
    frozen: freeze ? await frozenNow(freeze, held, inventory, prefix) : { kind: 'open' },
    prefix,
  };
}
