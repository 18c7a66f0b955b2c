import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { HostName } from '../domain/ids.ts';
import type { HostKeys } from '../jobs/ports/host-keys.ts';

/** As an administrator would have accepted them, one after the other. */
export async function knowHostKeys(keys: HostKeys, fleet: Fleet): Promise<void> {
  for (const { name, system } of fleet.world().hosts.values()) {
    await keys.replace(HostName.parse(name), system.hostKey.publicKey, 'the lab starts');
  }
}
