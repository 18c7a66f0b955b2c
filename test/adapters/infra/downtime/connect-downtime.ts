import type { DriverDefinition } from '../../../../src/adapters/driver.ts';
import { environmentSecrets } from '../../../../src/adapters/secrets/environment-secrets.ts';
import { EnvironmentName, HostName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Host } from '../../../../src/domain/inventory.ts';
import type { Downtime } from '../../../../src/jobs/ports/downtime.ts';

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
  const host = hostOf('builder-07.example.org');
  const hosts = new Map([[host.name, host]]);
  const connected = driver.connect(driver.config.parse(config) as never, {
    zone: ZONE,
    inventory: {
      current: () => ({
        revision: '',
        hosts,
        pools: new Map(),
        images: new Map(),
        services: new Map(),
      }),
    },
    hostKeys: absent as never,
    secrets: environmentSecrets({ env, learn: () => undefined }),
    shell: absent,
  });
  return { hook: connected.port as Downtime, check: connected.check };
}

function hostOf(name: string): Host {
  return {
    name: HostName.parse(name),
    kind: 'metal',
    address: name,
    zone: ZONE,
    environment: EnvironmentName.parse('staging'),
    architecture: 'x86_64',
    buildName: name,
    disks: [],
    ssh: { port: 22, user: 'root', jump: [], sudo: false },
  };
}
