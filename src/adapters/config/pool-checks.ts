import type { HostName, PoolName } from '../../domain/ids.ts';
import type { Pool } from '../../domain/inventory.ts';
import { inside, problemOf } from './config-part.ts';
import type { HostDraft } from './host-drafts.ts';
import type { Declaration, Declarations } from './inventory-declarations.ts';
import type { PoolEntry } from './inventory-schema.ts';
import type { Problem } from './problem.ts';

/** A pool with the hosts that named it. */
export interface PoolDraft {
  readonly pool: Pool;
  readonly part: Declaration<PoolEntry>['part'];
  readonly members: readonly HostDraft[];
}

export function poolDrafts(declared: Declarations, hosts: readonly HostDraft[]): PoolDraft[] {
  const members = Map.groupBy(hosts, ({ host }) => host.pool);
  return [...declared.pools].flatMap(([name, { part, entry }]) =>
    entry === undefined ? [] : [poolDraft(name, { part, entry }, members.get(name) ?? [])],
  );
}

function poolDraft(
  name: PoolName,
  { part, entry }: { part: PoolDraft['part']; entry: PoolEntry },
  members: readonly HostDraft[],
): PoolDraft {
  const hosts: HostName[] = members.map(({ host }) => host.name);
  const pool: Pool = {
    name,
    maxUnavailable: hostsAway(entry['max-unavailable'], hosts.length),
    onePerArchitecture: entry['one-per-architecture'],
    hosts,
  };
  return { pool, part, members };
}

/** A part of the pool is rounded down, but is at least one host unless it is nothing at all. */
function hostsAway(limit: number | string, size: number): number {
  if (typeof limit === 'number') return limit;
  const percent = Number.parseInt(limit, 10);
  return percent === 0 ? 0 : Math.max(1, Math.floor((size * percent) / 100));
}

/** Whether each pool has hosts, lives in one zone, and has a budget that lets at least one host go. */
export function checkPools(drafts: readonly PoolDraft[]): Problem[] {
  return drafts.flatMap((draft) => {
    if (draft.members.length === 0) return [withoutHosts(draft)];
    return [...budgetProblems(draft), ...loneArchitectures(draft), ...otherZones(draft)];
  });
}

function withoutHosts({ pool, part }: PoolDraft): Problem {
  return problemOf(part, {
    at: 'key',
    message: `no host is in pool "${pool.name}"`,
    expected: 'at least one host that names it',
    next: `add "pool: ${pool.name}" to its hosts, or remove the pool`,
    value: pool.name,
  });
}

function budgetProblems({ pool, part }: PoolDraft): Problem[] {
  const size = pool.hosts.length;
  if (pool.maxUnavailable >= 1 && pool.maxUnavailable <= size) return [];
  const place = inside(part, 'max-unavailable');
  const because =
    pool.maxUnavailable === 0 ? 'never lets a host go' : `is more than the pool's ${size}`;
  return [
    problemOf(place, {
      message: `max-unavailable ${place.value} of pool "${pool.name}" ${because}`,
      expected: size === 1 ? '1' : `1 to ${size}, or a part such as 10%`,
      next: 'change it',
    }),
  ];
}

/** Where every architecture has one host, that host may never leave, so the pool could never be worked on. */
function loneArchitectures({ pool, part, members }: PoolDraft): Problem[] {
  const hosts = members.map(({ host }) => host);
  const byArchitecture = Map.groupBy(hosts, ({ architecture }) => architecture);
  const isLone = [...byArchitecture.values()].every((group) => group.length === 1);
  if (!pool.onePerArchitecture || !isLone) return [];
  return [
    problemOf(inside(part, 'one-per-architecture'), {
      message: `one-per-architecture of pool "${pool.name}" never lets a host go, since each architecture has one host`,
      expected: 'two hosts of at least one architecture',
      next: 'set it to false, or add hosts to the pool',
    }),
  ];
}

function otherZones({ pool, members }: PoolDraft): Problem[] {
  const zones = Map.groupBy(members, ({ host }) => host.zone);
  const [home, ...others] = [...zones].sort(([, a], [, b]) => b.length - a.length);
  if (home === undefined) return [];
  return others.flatMap(([zone, strangers]) =>
    strangers.map(({ host, at }) =>
      problemOf(at('zone'), {
        message: `host "${host.name}" of pool "${pool.name}" is in zone "${zone}"`,
        expected: `zone "${home[0]}", where the rest of the pool is, since a pool lives in one zone`,
        next: 'move the host to that zone, or to another pool',
      }),
    ),
  );
}
