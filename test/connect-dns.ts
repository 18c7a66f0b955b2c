import type { DriverDefinition } from '../src/adapters/driver.ts';
import { environmentSecrets } from '../src/adapters/secrets/environment-secrets.ts';
import { HostName, type ServiceName, ZoneName } from '../src/domain/ids.ts';
import type { Inventory } from '../src/domain/inventory.ts';
import type { Service, ServiceDns } from '../src/domain/service.ts';
import type { DnsZone } from '../src/jobs/ports/dns-zone.ts';
import { partly } from './partly.ts';
import { plainInventory } from './plain-inventory.ts';

const STAGING = ZoneName.parse('staging');

/** A DNS driver as a zone connects it. */
export function connectDns(
  driver: DriverDefinition<'dns', never> | DriverDefinition<'dns'>,
  config: Record<string, unknown>,
  env: Readonly<Record<string, string>> = {},
  names: readonly string[] = [],
) {
  const absent = () => {
    throw new Error('not used by a DNS driver');
  };
  const connected = driver.connect(driver.config.parse(config) as never, {
    zone: STAGING,
    inventory: { current: () => inventoryWith(names) },
    hostKeys: absent as never,
    secrets: environmentSecrets({ env, learn: () => undefined }),
    shell: absent,
  });
  return { dns: connected.port as DnsZone, check: connected.check };
}

/** Services of which only the names count. */
function inventoryWith(names: readonly string[]): Inventory {
  const serviceOf = (name: string) =>
    partly<Service>({ zone: STAGING, dns: partly<ServiceDns>({ name: HostName.parse(name) }) });
  const services = new Map(names.map((name) => [name as ServiceName, serviceOf(name)]));
  return plainInventory([], { services });
}
