import type { SoaAnswer } from 'dns-packet';
import type { ZoneVersion, ZoneWorld } from '../../adapters/simulated/dns/zone-world.ts';

/** Secondaries ask every second, as little as that is; nothing is remembered as absent for longer than a minute. */
const TIMES = { refresh: 1, retry: 1, expire: 3600, minimum: 60 };

export function soaAnswer({ zone, servers }: ZoneWorld, { serial }: ZoneVersion): SoaAnswer {
  const data = { mname: servers[0].name, rname: `hostmaster.${zone}`, serial, ...TIMES };
  return { name: zone, type: 'SOA', class: 'IN', ttl: 3600, data };
}

export function soaContent(world: ZoneWorld, version: ZoneVersion): string {
  const { mname, rname, serial, refresh, retry, expire, minimum } = soaAnswer(world, version).data;
  return [mname, rname, serial, refresh, retry, expire, minimum].join(' ');
}
