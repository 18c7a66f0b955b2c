import type { HostName } from '../../../domain/ids.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import type { Json } from '../../../domain/json.ts';
import { quoteWords } from '../ssh/quote.ts';
import type { Hop } from '../ssh/route.ts';
import { hostGroups } from './host-groups.ts';
import { hostVariables } from './host-variables.ts';
import { sshWords } from './ssh-files.ts';

/** One host with the groups it is in, in the form of Ansible's YAML inventories, of which JSON is a part. */
export function runInventory(name: HostName, route: readonly Hop[], inventory: Inventory): Json {
  const host = inventory.hosts.get(name);
  if (host === undefined) throw new Error(`${name} has a route and is not in the inventory`);
  const groups = [...hostGroups(inventory)].filter(([, members]) => members.includes(name));
  const how = { ansible_connection: 'ssh', ansible_ssh_common_args: quoteWords(sshWords(route)) };
  return {
    all: {
      hosts: { [name]: { ...hostVariables(host), ...how } },
      children: Object.fromEntries(groups.map(([group]) => [group, { hosts: { [name]: {} } }])),
    },
  };
}
