import type { HostName } from '../../../domain/ids.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import { knownHost } from './known-host.ts';

/** One stop on the way to a host, the last being the host itself. */
export interface Hop {
  readonly host: HostName;
  readonly address: string;
  readonly port: number;
  readonly user: string;
}

/** The hops to a host as the inventory has them, outermost first. The jump hosts of a jump host are not added. */
export function routeTo(name: HostName, inventory: Inventory): readonly Hop[] {
  const target = knownHost(name, inventory);
  return [...target.ssh.jump, name].map((hop) => {
    const { address, ssh } = knownHost(hop, inventory);
    return { host: hop, address: ssh.address ?? address, port: ssh.port, user: ssh.user };
  });
}
