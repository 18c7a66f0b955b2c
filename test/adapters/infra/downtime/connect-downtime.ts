import type { DriverDefinition } from '../../../../src/adapters/driver.ts';
import { environmentSecrets } from '../../../../src/adapters/secrets/environment-secrets.ts';
import { EnvironmentName, HostName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Downtime } from '../../../../src/jobs/ports/downtime.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';

const ZONE = ZoneName.parse('staging');

/** A driver of the hook over a zone with one host. */
export function connectDowntime(
  driver: DriverDefinition<'downtime', never> | DriverDefinition<'downtime'>,
  config: Record<string, unknown>,
  env: Readonly<Record<string, string>> = {},
) {
  const absent = () => {
    throw new Error('not used by a downtime hook');
  };
  const name = HostName.parse('builder-07.example.org');
  const environment = EnvironmentName.parse('staging');
  const host = plainHost(name, { address: name, zone: ZONE, environment });
  const connected = driver.connect(driver.config.parse(config) as never, {
    zone: ZONE,
    inventory: {
      current: () => plainInventory([host]),
    },
    hostKeys: absent as never,
    secrets: environmentSecrets({ env, learn: () => undefined }),
    shell: absent,
  });
  return { hook: connected.port as Downtime, check: connected.check };
}
