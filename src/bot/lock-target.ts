import type { HostName, PoolName, ZoneName } from '../domain/ids.ts';
import type { Inventory } from '../domain/inventory.ts';
import { nearestWord } from '../domain/nearest-word.ts';

export interface LockTarget {
  readonly zone: ZoneName;
  /** `host/builder-07` or `pool/builders` */
  readonly key: string;
  readonly host?: HostName;
  readonly pool?: PoolName;
}

/** What `!lock` and `!unlock` are about: one host or one `@pool`. A text when there is no such thing. */
export function lockTarget(typed: string, { hosts, pools }: Inventory): LockTarget | string {
  if (typed.startsWith('@')) {
    const pool = pools.get(typed.slice(1) as PoolName);
    const zone = pool && hosts.get(pool.hosts[0] as HostName)?.zone;
    if (pool === undefined || zone === undefined)
      return unknown(
        typed,
        'pool',
        [...pools.keys()].map((name) => `@${name}`),
      );
    return { zone, key: `pool/${pool.name}`, pool: pool.name };
  }
  const host = hosts.get(typed as HostName);
  if (host === undefined) return unknown(typed, 'host', hosts.keys());
  return { zone: host.zone, key: `host/${host.name}`, host: host.name };
}

function unknown(typed: string, what: string, known: Iterable<string>): string {
  const near = nearestWord(typed, known);
  return `there is no ${what} ${typed}${near ? `, did you mean ${near}?` : ''}`;
}
