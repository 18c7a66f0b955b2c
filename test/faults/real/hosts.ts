import { PoolName, ZoneName } from '../../../src/domain/ids.ts';

/** Three of one zone and one of another, all of them the same SSH server. */
export const HOSTS = ['s1', 's2', 's3', 'p1'] as const;
export const ZONES = ['staging', 'production'].map((name) => ZoneName.parse(name));
export const MOST_AWAY: ReadonlyMap<PoolName, number> = new Map([
  [PoolName.parse('builders'), 2],
  [PoolName.parse('mirrors'), 1],
]);

export function zoneOf(host: string): ZoneName {
  return ZoneName.parse(host.startsWith('p') ? 'production' : 'staging');
}

export function poolOf(host: string): PoolName {
  return PoolName.parse(host.startsWith('p') ? 'mirrors' : 'builders');
}
