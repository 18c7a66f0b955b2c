import type { HostName, PoolName } from '../domain/ids.ts';
import type { WantedClaim } from './held.ts';
import { type InterlockFacts, others, type PoolFacts } from './interlock-facts.ts';
import type { Verdict } from './verdict.ts';

type Budget = Extract<WantedClaim, { kind: 'budget' }>;
/** Why each of them is away. */
type Away = ReadonlyMap<HostName, string>;

export function judgeBudget({ pool, host }: Budget, facts: InterlockFacts): Verdict {
  const known = facts.pools.get(pool);
  if (known === undefined) return { blocked: `@${pool} is not in the inventory` };
  const away = awayOf(pool, known, facts);
  if (away === undefined)
    return { unknown: `the build system did not say who of @${pool} is away` };
  if (away.has(host)) return undefined;
  if (away.size + 1 > known.maxUnavailable) return { blocked: overBudget(pool, known, away) };
  return known.onePerArchitecture ? lastOfItsKind(host, pool, known, away, facts) : undefined;
}

function overBudget(pool: PoolName, { hosts, maxUnavailable }: PoolFacts, away: Away): string {
  const list = [...away].map(([host, because]) => `${host} (${because})`).join(', ');
  const limit = `@${pool} may have ${maxUnavailable} of ${hosts.length} away at once`;
  return `${limit}; away now: ${list || 'none'}`;
}

function lastOfItsKind(
  host: HostName,
  pool: PoolName,
  { hosts }: PoolFacts,
  away: Away,
  { architectureOf }: InterlockFacts,
): Verdict {
  const architecture = architectureOf(host);
  const left = hosts.filter(
    (other) => other !== host && !away.has(other) && architectureOf(other) === architecture,
  );
  if (left.length > 0) return undefined;
  return { blocked: `${host} is the last ${architecture} of @${pool} in service` };
}

/** Who of a pool is away: held by operations, and out of service for whatever reason. Undefined when that is not known. */
function awayOf(
  pool: PoolName,
  { outOfService }: PoolFacts,
  facts: Pick<InterlockFacts, 'held' | 'op'>,
): Away | undefined {
  if (outOfService === undefined) return undefined;
  const away = new Map<HostName, string>();
  for (const host of outOfService) away.set(host, 'out of service in the build system');
  for (const { op, claim } of others(facts)) {
    if (claim.kind === 'budget' && claim.pool === pool) away.set(claim.host, op ?? 'by hand');
  }
  return away;
}

/** `takes @builders from 19/20 to 18/20 (at least 18)` */
export function impactInWords({ pool, host }: Budget, facts: InterlockFacts): string | undefined {
  const known = facts.pools.get(pool);
  const away = known && awayOf(pool, known, facts);
  if (known === undefined || away === undefined) return undefined;
  const size = known.hosts.length;
  const now = size - away.size;
  const least = `(at least ${size - known.maxUnavailable})`;
  if (away.has(host)) return `leaves @${pool} at ${now}/${size} ${least}: ${host} is away already`;
  return `takes @${pool} from ${now}/${size} to ${now - 1}/${size} ${least}`;
}
