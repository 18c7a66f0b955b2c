import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Host, Inventory } from '../../../domain/inventory.ts';

export function knownHost(name: HostName, inventory: Inventory): Host {
  const host = inventory.hosts.get(name);
  if (host !== undefined) return host;
  throw new Failure({
    code: 'ssh.unknown-host',
    problem: `SSH to ${name} failed`,
    because: 'it is not in the inventory',
    effect: 'none',
    next: `Put ${name} into the inventory.`,
  });
}
