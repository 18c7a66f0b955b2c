import type { ZoneName } from './ids.ts';
import type { Inventory } from './inventory.ts';

const known = new WeakMap<Inventory, readonly ZoneName[]>();

/** The zones that an inventory has hosts in. There may be ten thousand hosts, so it looks once at each that is loaded. */
export function zonesOfInventory(inventory: Inventory): readonly ZoneName[] {
  const before = known.get(inventory);
  if (before !== undefined) return before;
  const zones = [...new Set([...inventory.hosts.values()].map(({ zone }) => zone))];
  known.set(inventory, zones);
  return zones;
}
