import { HostName } from '../../domain/ids.ts';
import type { HostKeys } from '../../jobs/ports/host-keys.ts';
import type { Fleet } from './fleet/fleet.ts';
import { memoryHostKeys } from './memory-host-keys.ts';

/** Knows the key that each host shows now, and stays with it when a host is reinstalled. */
export function simulatedHostKeys(fleet: Fleet): HostKeys {
  const hosts = [...fleet.world().hosts.values()];
  return memoryHostKeys(
    hosts.map((host) => [HostName.parse(host.name), host.system.hostKey.publicKey] as const),
  );
}
