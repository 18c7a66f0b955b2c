import type { DriverDefinition } from '../src/adapters/driver.ts';
import { environmentSecrets } from '../src/adapters/secrets/environment-secrets.ts';
import { ZoneName } from '../src/domain/ids.ts';
import type { DnsZone } from '../src/jobs/ports/dns-zone.ts';

/** A DNS driver as a zone connects it. */
export function connectDns(
  driver: DriverDefinition<'dns', never> | DriverDefinition<'dns'>,
  config: Record<string, unknown>,
  env: Readonly<Record<string, string>> = {},
) {
  const absent = () => {
    throw new Error('not used by a DNS driver');
  };
  const connected = driver.connect(driver.config.parse(config) as never, {
    zone: ZoneName.parse('staging'),
    inventory: { current: absent },
    hostKeys: absent as never,
    secrets: environmentSecrets({ env, learn: () => undefined }),
    shell: absent,
  });
  return { dns: connected.port as DnsZone, check: connected.check };
}
