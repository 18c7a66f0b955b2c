import type { LoadedConfiguration } from '../adapters/config/load-configuration.ts';
import type { ZoneName } from '../domain/ids.ts';

/** The zones that the inventory has hosts in. */
export function zonesOf({ inventory }: LoadedConfiguration): readonly ZoneName[] {
  return [...new Set([...inventory.hosts.values()].map(({ zone }) => zone))];
}
