import driver from '../../../../src/adapters/infra/ansible.ts';
import { HostName, PoolName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Host, SshAccess } from '../../../../src/domain/inventory.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';

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
    inventory: { current: () => plainInventory(hosts.map(hostOf)) },
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

function hostOf({ name, ssh }: AnsibleHost): Host {
  return plainHost(HostName.parse(name), {
    pool: PoolName.parse('builders'),
    ssh: { port: 22, user: 'root', jump: [], sudo: false, ...ssh },
  });
}
