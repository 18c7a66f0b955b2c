import { EnvironmentName, type HostName, ZoneName } from '../src/domain/ids.ts';
import type { Host, Inventory } from '../src/domain/inventory.ts';

/** Metal on loopback in a zone `test`, where nothing else is said. */
export function plainHost(name: HostName, more: Partial<Host> = {}): Host {
  return {
    name,
    kind: 'metal',
    address: '127.0.0.1',
    zone: ZoneName.parse('test'),
    environment: EnvironmentName.parse('test'),
    architecture: 'x86_64',
    buildName: name,
    disks: [],
    ssh: { port: 22, user: 'root', jump: [], sudo: false },
    ...more,
  };
}

/** These hosts, and nothing else but what is said. */
export function plainInventory(
  hosts: readonly Host[] = [],
  more: Partial<Inventory> = {},
): Inventory {
  return {
    revision: 'test',
    hosts: new Map(hosts.map((host) => [host.name, host])),
    pools: new Map(),
    images: new Map(),
    services: new Map(),
    ...more,
  };
}
