import { loadConfiguration } from '../adapters/config/load-configuration.ts';
import { ansibleInventory, ansibleVariables } from '../adapters/infra/ansible/dynamic-inventory.ts';
import { Failure } from '../domain/failure.ts';
import type { HostName } from '../domain/ids.ts';
import type { Host, Inventory } from '../domain/inventory.ts';
import type { Json } from '../domain/json.ts';
import { nearestWord } from '../domain/nearest-word.ts';

/** What Ansible asks a dynamic inventory: for everything, or for the variables of one host. */
export type InventoryQuestion =
  | { readonly kind: 'list' }
  | { readonly kind: 'host'; readonly host: string };

/** Our inventory as Ansible reads it. Needs neither store nor drivers. */
export async function inventoryAnswer(
  configPath: string,
  question: InventoryQuestion,
): Promise<Json> {
  const { inventory } = await loadConfiguration(configPath);
  if (question.kind === 'list') return ansibleInventory(inventory);
  return ansibleVariables(hostOf(inventory, question.host), inventory);
}

function hostOf({ hosts }: Inventory, typed: string): Host {
  const host = hosts.get(typed as HostName);
  if (host !== undefined) return host;
  const near = nearestWord(typed, hosts.keys());
  throw new Failure({
    code: 'inventory.unknown-host',
    problem: `there is no host ${typed}`,
    because: near ? `did you mean ${near}?` : 'it is not in the inventory',
    effect: 'none',
    next: 'Name a host of the inventory.',
  });
}
