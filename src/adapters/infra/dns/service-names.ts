import type { HostName, ZoneName } from '../../../domain/ids.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import { zoneAround } from './zone-servers.ts';

/** Names of the services of a zone of workers, by the DNS zone that each is in. Throws for one that is in none. */
export function serviceNames(
  { services }: Inventory,
  place: ZoneName,
  zones: readonly { readonly zone: string }[],
): ReadonlyMap<string, readonly HostName[]> {
  const ours = [...services.values()].filter(({ zone }) => zone === place);
  return Map.groupBy(
    ours.map(({ dns }) => dns.name),
    (name) => zoneAround(name, zones).zone,
  );
}
