import type { Inventory } from '../../../domain/inventory.ts';
import { buildInventory } from '../../config/build-inventory.ts';
import { configFile } from '../../config/config-file.ts';
import type { Fleet } from './fleet.ts';
import { inventoryData } from './inventory-data.ts';

/** The inventory that matches a fleet, read as a file would be. */
export function fleetInventory(fleet: Fleet, ports?: ReadonlyMap<string, number>): Inventory {
  // JSON is YAML.
  const text = JSON.stringify(inventoryData(fleet, ports));
  const built = buildInventory([configFile('the simulated fleet', text)]);
  if (built.kind === 'inventory') return built.inventory;
  throw new Error(`the simulated fleet has no inventory: ${JSON.stringify(built.problems)}`);
}
