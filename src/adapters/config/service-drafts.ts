import type { HostName, ServiceName } from '../../domain/ids.ts';
import type { Service, UpdateRecipe } from '../../domain/service.ts';
import type { Window } from '../../domain/window.ts';
import type { HostDraft } from './host-drafts.ts';
import type { Declaration } from './inventory-declarations.ts';
import type { ServiceEntry } from './service-schema.ts';

/** A service as its entry says it. Zone and environment are those of its first member. */
export function serviceOf(
  name: ServiceName,
  entry: ServiceEntry,
  hosts: ReadonlyMap<HostName, HostDraft>,
): Service[] {
  const members = Object.entries(entry.members).map(([host, member]) => ({
    host: host as HostName,
    pointsAt: member['points-at'],
    carries: member.carries,
  }));
  const home = members[0] && hosts.get(members[0].host)?.host;
  if (home === undefined) return [];
  const { dns, units, builders, storage, update, fences, window } = entry;
  return [
    {
      name,
      zone: home.zone,
      environment: home.environment,
      members,
      dns: { name: dns.name, ttl: dns.ttl, swapTtl: dns['swap-ttl'] },
      checks: entry.checks,
      standbyChecks: entry['standby-checks'],
      units,
      ...(builders && { builders }),
      ...(storage && { storage }),
      ...(update && { update: update as UpdateRecipe }),
      automaticReturn: {
        allowed: entry['automatic-return'].allowed,
        writes: writesOf(entry['automatic-return']),
      },
      fences,
      ...(window && { window: windowOf(window) }),
    },
  ];
}

function writesOf({
  writes,
}: ServiceEntry['automatic-return']): Service['automaticReturn']['writes'] {
  if (writes === undefined) return { kind: 'unknown' };
  if (writes === 'compatible') return { kind: 'compatible' };
  return { kind: 'looked-up', by: writes['looked-up-by'] };
}

function windowOf({ days, from, lasts }: NonNullable<ServiceEntry['window']>): Window {
  const [hours = 0, minutes = 0] = from.split(':').map(Number);
  return { days, from: hours * 60 + minutes, lasts: lasts / 60_000 };
}

/** The name and the entry of each service that could be read. */
export function readServices(
  services: ReadonlyMap<ServiceName, Declaration<ServiceEntry>>,
): readonly (readonly [ServiceName, ServiceEntry, Declaration<ServiceEntry>['part']])[] {
  return [...services].flatMap(([name, { entry, part }]) =>
    entry === undefined ? [] : [[name, entry, part] as const],
  );
}
