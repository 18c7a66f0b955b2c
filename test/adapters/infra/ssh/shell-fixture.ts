import type { DriverDefinition } from '../../../../src/adapters/driver.ts';
import nodeSsh from '../../../../src/adapters/infra/node-ssh-shell.ts';
import { HostName, ZoneName } from '../../../../src/domain/ids.ts';
import type { Host, SshAccess } from '../../../../src/domain/inventory.ts';
import { plainHost, plainInventory } from '../../../plain-inventory.ts';

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
  const inventory = { current: () => plainInventory(hosts.map(hostOf)) };
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

function hostOf({ name, ssh }: TestHost): Host {
  return plainHost(HostName.parse(name), { ssh: { jump: [], sudo: false, ...ssh } });
}
