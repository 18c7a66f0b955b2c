import type { Host, Inventory } from '../../../domain/inventory.ts';
import type { Json } from '../../../domain/json.ts';
import { quoteWords } from '../ssh/quote.ts';
import { routeTo } from '../ssh/route.ts';
import { hostGroups } from './host-groups.ts';
import { hostVariables, literal, type Variables } from './host-variables.ts';

/**
 * The answer to `--list`, with the variables of all hosts under `_meta`, so that Ansible does not ask for each:
 * https://docs.ansible.com/ansible/latest/dev_guide/developing_inventory.html
 */
export function ansibleInventory(inventory: Inventory): Json {
  const groups = [...hostGroups(inventory)].map(([name, hosts]) => [name, { hosts }] as const);
  const hosts = [...inventory.hosts.values()];
  return {
    all: { children: groups.map(([name]) => name) },
    ...Object.fromEntries(groups),
    _meta: {
      hostvars: Object.fromEntries(
        hosts.map((host) => [host.name, ansibleVariables(host, inventory)]),
      ),
    },
  };
}

/** The answer to `--host`. Whose keys are trusted and with which key to log in is left to whoever runs Ansible. */
export function ansibleVariables(host: Host, inventory: Inventory): Variables {
  const jumps = routeTo(host.name, inventory).slice(0, -1);
  if (jumps.length === 0) return hostVariables(host);
  const through = jumps.map(({ address, port, user }) => `${user}@${bracketed(address)}:${port}`);
  const words = quoteWords(['-o', `ProxyJump=${through.join(',')}`]);
  return { ...hostVariables(host), ansible_ssh_common_args: literal(words) };
}

/** An IPv6 address has colons of its own. */
function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
