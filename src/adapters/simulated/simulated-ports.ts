import { ZoneName } from '../../domain/ids.ts';
import type { HostKeys } from '../../jobs/ports/host-keys.ts';
import type { InventorySource, Ports } from '../../jobs/ports/ports.ts';
import type { SecretSource } from '../../jobs/ports/secret-source.ts';
import type { ZoneWorld } from './dns/zone-world.ts';
import type { Fleet } from './fleet/fleet.ts';
import { fleetInventory } from './fleet/fleet-inventory.ts';
import { simulatedChecks } from './simulated-checks.ts';
import { simulatedConfiguration } from './simulated-configuration.ts';
import { simulatedDns } from './simulated-dns.ts';
import { simulatedFarm } from './simulated-farm.ts';
import { simulatedHostKeys } from './simulated-host-keys.ts';
import { simulatedHypervisor } from './simulated-hypervisor.ts';
import { simulatedInstaller } from './simulated-installer.ts';
import { simulatedPower } from './simulated-power.ts';
import { simulatedReports } from './simulated-reports.ts';
import { simulatedSecrets } from './simulated-secrets.ts';
import { simulatedShell } from './simulated-shell.ts';
import { healthyStorage, type StorageBoard, simulatedStorage } from './simulated-storage.ts';
import { simulatedWitness } from './simulated-witness.ts';

const ZONE = ZoneName.parse('staging');

export interface SimulatedPortsOptions {
  /** The demo's inventory when absent. */
  readonly inventory?: InventorySource;
  /** The keys that the hosts show now, when absent. */
  readonly hostKeys?: HostKeys;
  /** Any name gives a made-up secret, when absent. */
  readonly secrets?: SecretSource;
  /** None when absent. */
  readonly dnsZones?: readonly ZoneWorld[];
  /** A healthy one, when absent. */
  readonly storage?: StorageBoard;
}

/** Every port over one fleet, without sockets: for tests and rehearsals. */
export function simulatedPorts(fleet: Fleet, options: SimulatedPortsOptions = {}): Ports {
  const hostKeys = options.hostKeys ?? simulatedHostKeys(fleet);
  const inventory = options.inventory ?? fixed(fleet);
  const secrets = options.secrets ?? simulatedSecrets();
  const shell = simulatedShell(fleet, hostKeys);
  return {
    farm: simulatedFarm(fleet),
    shell,
    witness: simulatedWitness({ zone: ZONE, inventory, hostKeys, secrets, shell: () => shell }),
    installer: simulatedInstaller(fleet),
    reports: simulatedReports(fleet),
    hypervisor: simulatedHypervisor(fleet),
    configuration: simulatedConfiguration(fleet),
    dns: simulatedDns(options.dnsZones ?? []),
    checks: simulatedChecks(fleet),
    storage: simulatedStorage(options.storage ?? healthyStorage(), fleet.clock.now),
    power: simulatedPower(fleet),
    hostKeys,
    secrets,
    inventory,
  };
}

function fixed(fleet: Fleet): InventorySource {
  const inventory = fleetInventory(fleet);
  return { current: () => inventory };
}
