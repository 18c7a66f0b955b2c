import type { Inventory } from '../../domain/inventory.ts';
import type { InventorySource } from '../../jobs/ports/ports.ts';

/** The inventory in use. A reload replaces it as a whole, so nobody ever sees half of two. */
export interface InventoryHolder extends InventorySource {
  replace(next: Inventory): void;
}

export function inventoryHolder(first: Inventory): InventoryHolder {
  let inventory = first;
  return {
    current: () => inventory,
    replace: (next) => {
      inventory = next;
    },
  };
}
