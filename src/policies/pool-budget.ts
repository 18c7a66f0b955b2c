import type { HostName, PoolName } from '../domain/ids.ts';
import type { WantedClaim } from './held.ts';
import { type InterlockFacts, others, type PoolFacts } from './interlock-facts.ts';
import type { Verdict } from './verdict.ts';

export function judgeBudget(
  { pool, host }: Extract<WantedClaim, { kind: 'budget' }>,
  facts: InterlockFacts,
): Verdict {
  const figures = poolFigures(pool, facts);
  const known = facts.pools.get(pool);
  if (known === undefined) return { blocked: `@${pool} is not in the inventory` };
  if (figures === undefined)
    return { unknown: `the build system did not say who of @${pool} is away` };
  const away = new Map(figures.away);
  if (away.has(host)) return undefined;
  if (away.size + 1 > known.maxUnavailable) return { blocked: overBudget(pool, known, away) };
  return known.onePerArchitecture ? lastOfItsKind(host, pool, known, away, facts) : undefined;
}

function overBudget(
  pool: PoolName,
  { hosts, maxUnavailable }: PoolFacts,
  away: ReadonlyMap<HostName, string>,
): string {
  const list = [...away].map(([host, because]) => `${host} (${because})`).join(', ');
  const limit = `@${pool} may have ${maxUnavailable} of ${hosts.length} away at once`;
  return `${limit}; away now: ${list || 'none'}`;
}

function lastOfItsKind(
  host: HostName,
  pool: PoolName,
  { hosts }: PoolFacts,
  away: ReadonlyMap<HostName, string>,
  { architectureOf }: InterlockFacts,
): Verdict {
  const architecture = architectureOf(host);
  const left = hosts.filter(
    (other) => other !== host && !away.has(other) && architectureOf(other) === architecture,
  );
  if (left.length > 0) return undefined;
  return { blocked: `${host} is the last ${architecture} of @${pool} in service` };
}

interface PoolFigures {
  readonly size: number;
  /** Why each host is away. */
  readonly away: readonly (readonly [HostName, string])[];
}

/** Who of a pool is away: held by operations, and out of service for whatever reason. Undefined when that is not known. */
function poolFigures(
  pool: PoolName,
  facts: Pick<InterlockFacts, 'pools' | 'held' | 'op'>,
): PoolFigures | undefined {
  const known = facts.pools.get(pool);
  if (known?.outOfService === undefined) return undefined;
  const away = new Map<HostName, string>();
  for (const host of known.outOfService) away.set(host, 'out of service in the build system');
  for (const { op, claim } of others(facts)) {
    if (claim.kind === 'budget' && claim.pool === pool) away.set(claim.host, op ?? 'by hand');
  }
  return { size: known.hosts.length, away: [...away] };
}

/** `takes @builders from 19/20 to 18/20 (at least 18)` */
export function impactInWords(
  { pool, host }: Extract<WantedClaim, { kind: 'budget' }>,
  facts: InterlockFacts,
): string | undefined {
  const figures = poolFigures(pool, facts);
  const known = facts.pools.get(pool);
  if (figures === undefined || known === undefined) return undefined;
  const { size } = figures;
  const now = size - figures.away.length;
  const least = `(at least ${size - known.maxUnavailable})`;
  if (figures.away.some(([name]) => name === host)) {
    return `leaves @${pool} at ${now}/${size} ${least}: ${host} is away already`;
  }
  return `takes @${pool} from ${now}/${size} to ${now - 1}/${size} ${least}`;
}
