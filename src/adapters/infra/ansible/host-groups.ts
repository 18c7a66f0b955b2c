import type { HostName } from '../../../domain/ids.ts';
import type { Host, Inventory } from '../../../domain/inventory.ts';
import { groupNames } from './group-names.ts';

/** The kinds of group; each starts the names of its groups, as in `pool_builders`. */
const KINDS = {
  pool: (host: Host) => host.pool,
  zone: (host: Host) => host.zone,
  environment: (host: Host) => host.environment,
  architecture: (host: Host) => host.architecture,
  kind: (host: Host) => host.kind,
  site: (host: Host) => host.site,
  rack: (host: Host) => host.rack,
} satisfies Record<string, (host: Host) => string | undefined>;

/** Every group of the inventory with its hosts, as Ansible may name them; by name. */
export function hostGroups({ hosts }: Inventory): ReadonlyMap<string, readonly HostName[]> {
  const groups = Object.entries(KINDS).flatMap(([kind, placeOf]) => {
    const members = Map.groupBy(hosts.values(), placeOf);
    const values = [...members.keys()].filter((value) => value !== undefined);
    return [...groupNames(kind, values)].map(
      ([value, name]) => [name, (members.get(value) ?? []).map((host) => host.name)] as const,
    );
  });
  return new Map(groups.sort(([a], [b]) => (a < b ? -1 : 1)));
}
