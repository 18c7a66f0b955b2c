import { expect, it, vi } from 'vitest';
import { zonesOfInventory } from '../../src/domain/zones-of-inventory.ts';
import { inventoryOf, SIX_BUILDERS } from '../bot/fixture/inventory.ts';

it('names each zone that has hosts once', () => {
  expect(zonesOfInventory(inventoryOf(SIX_BUILDERS))).toEqual(['staging']);
});

it('looks at the hosts of each inventory that is loaded, and once', () => {
  const inventory = inventoryOf(SIX_BUILDERS);
  const looks = vi.spyOn(inventory.hosts, 'values');
  expect(zonesOfInventory(inventory)).toEqual(zonesOfInventory(inventory));
  expect(looks).toHaveBeenCalledTimes(1);
  const another = { ...inventory, hosts: new Map() };
  expect(zonesOfInventory(another)).toEqual([]);
});
