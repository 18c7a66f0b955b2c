import type { DriverDefinition } from '../../../../src/adapters/driver.ts';
import nodeSsh from '../../../../src/adapters/infra/node-ssh-shell.ts';
import { EnvironmentName, HostName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Host, Inventory, SshAccess } from '../../../../src/domain/inventory.ts';

export interface TestHost {
  readonly name: string;
  readonly ssh: Partial<SshAccess> & { readonly port: number; readonly user: string };
  /** The key that is expected of it. */
  readonly key?: string | undefined;
}

/** A driver over hosts on loopback, with host keys in memory. */
export function shellOver(
  hosts: readonly TestHost[],
  config: Record<string, unknown>,
  driver: DriverDefinition<'shell'> = nodeSsh,
) {
  const keys = new Map(hosts.map(({ name, key }) => [name, key]));
  const inventory = { current: () => inventoryOf(hosts) };
  const {
    port: shell,
    check,
    close,
  } = driver.connect(driver.config.parse(config), {
    zone: ZoneName.parse('test'),
    inventory,
    hostKeys: {
      expected: async (host) => keys.get(host),
      replace: async (host, key) => void keys.set(host, key),
    },
    secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
    shell: () => shell,
  });
  return { shell, check, close, keys };
}

function inventoryOf(hosts: readonly TestHost[]): Inventory {
  const entries = hosts.map(hostOf).map((host) => [host.name, host] as const);
  return {
    revision: 'test',
    hosts: new Map(entries),
    pools: new Map(),
    images: new Map(),
    services: new Map(),
  };
}

function hostOf({ name, ssh }: TestHost): Host {
  return {
    name: HostName.parse(name),
    kind: 'metal',
    address: '127.0.0.1',
    zone: ZoneName.parse('test'),
    environment: EnvironmentName.parse('test'),
    architecture: 'x86_64',
    buildName: name,
    disks: [],
    ssh: { jump: [], sudo: false, ...ssh },
  };
}
