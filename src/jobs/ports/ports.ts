import type { Inventory } from '../../domain/inventory.ts';
import type { BootWitness } from './boot-witness.ts';
import type { BuildFarm, BuildFarmReads } from './build-farm.ts';
import type { ConfigurationManagement, ConfigurationReads } from './configuration-management.ts';
import type { ConsoleLog } from './console-log.ts';
import type { DnsZone, DnsZoneReads } from './dns-zone.ts';
import type { HostKeys } from './host-keys.ts';
import type { Hypervisor } from './hypervisor.ts';
import type { Installer, InstallReports } from './installer.ts';
import type { PowerControl } from './power-control.ts';
import type { RemoteShell } from './remote-shell.ts';
import type { SecretSource } from './secret-source.ts';
import type { ServiceChecks } from './service-checks.ts';
import type { Storage, StorageReads } from './storage.ts';
import type { SwapRecord } from './swap-record.ts';

/** What a step may act with. Each is a capability, not a product. */
export interface Ports {
  readonly farm: BuildFarm;
  readonly shell: RemoteShell;
  readonly witness: BootWitness;
  readonly installer: Installer;
  readonly reports: InstallReports;
  readonly hypervisor: Hypervisor;
  readonly configuration: ConfigurationManagement;
  readonly dns: DnsZone;
  readonly checks: ServiceChecks;
  readonly storage: Storage;
  readonly power: PowerControl;
  readonly hostKeys: HostKeys;
  readonly secrets: SecretSource;
  readonly inventory: InventorySource;
  /** Only where a zone has one: everything goes on without it. */
  readonly console?: ConsoleLog;
}

/** What planning may use: only what reads. */
export interface ReadPorts {
  /** Absent where there is no journal to read, as in a rehearsal. */
  readonly swaps?: SwapRecord;
  readonly farm: BuildFarmReads;
  readonly configuration: ConfigurationReads;
  readonly dns: DnsZoneReads;
  readonly checks: ServiceChecks;
  readonly storage: StorageReads;
  readonly inventory: InventorySource;
}

/** The inventory as it is now; a reload changes what the next call gives. */
export interface InventorySource {
  current(): Inventory;
}
