import driver from '../../../../src/adapters/infra/ansible.ts';
import { EnvironmentName, HostName, PoolName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Host, Inventory, SshAccess } from '../../../../src/domain/inventory.ts';

export interface AnsibleHost {
  readonly name: string;
  readonly ssh?: Partial<SshAccess>;
  /** The key that is expected of it. */
  readonly key?: string | undefined;
}

/** The driver over these hosts, with host keys and secrets in memory. */
export function ansibleOver(
  hosts: readonly AnsibleHost[],
  config: Record<string, unknown>,
  secrets: Readonly<Record<string, string>> = {},
) {
  const keys = new Map(hosts.map(({ name, key }) => [name, key]));
  return driver.connect(driver.config.parse(config), {
    zone: ZoneName.parse('test'),
    inventory: { current: () => inventoryOf(hosts) },
    hostKeys: {
      expected: async (host) => keys.get(host),
      replace: async (host, key) => void keys.set(host, key),
    },
    secrets: {
      async read(name) {
        const secret = secrets[name];
        if (secret === undefined) throw new Error(`there is no secret ${name}`);
        return secret;
      },
    },
    shell: () => {
      throw new Error('playbooks bring a shell of their own');
    },
  });
}

function inventoryOf(hosts: readonly AnsibleHost[]): Inventory {
  const entries = hosts.map(hostOf).map((host) => [host.name, host] as const);
  return {
    revision: 'test',
    hosts: new Map(entries),
    pools: new Map(),
    images: new Map(),
    services: new Map(),
  };
}

function hostOf({ name, ssh }: AnsibleHost): Host {
  return {
    name: HostName.parse(name),
    kind: 'metal',
    address: '127.0.0.1',
    pool: PoolName.parse('builders'),
    zone: ZoneName.parse('test'),
    environment: EnvironmentName.parse('test'),
    architecture: 'x86_64',
    buildName: name,
    disks: [],
    ssh: { port: 22, user: 'root', jump: [], sudo: false, ...ssh },
  };
}
