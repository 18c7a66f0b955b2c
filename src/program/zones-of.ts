import type { LoadedConfiguration } from '../adapters/config/load-configuration.ts';
import type { ZoneName } from '../domain/ids.ts';
import { zonesOfInventory } from '../domain/zones-of-inventory.ts';

/** The zones that the inventory has hosts in. */
export function zonesOf({ inventory }: LoadedConfiguration): readonly ZoneName[] {
  return zonesOfInventory(inventory);
}
