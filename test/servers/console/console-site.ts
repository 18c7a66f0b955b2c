import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverDefinition } from '../../../src/adapters/driver.ts';
import { HostName, OpId, ZoneName } from '../../../src/domain/ids.ts';
import type { ConsoleLog } from '../../../src/jobs/ports/console-log.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import { plainHost, plainInventory } from '../../plain-inventory.ts';
import { PATIENCE_MS } from '../program/eventually.ts';
import { makeKey, openSshServer } from '../ssh/open-ssh-server.ts';

export const GUEST = HostName.parse('builder-07');
export const READER = { op: OpId.parse('op-7k2m'), epoch: 1 };
export const forTheTest = () => AbortSignal.timeout(PATIENCE_MS);

const VHOST = HostName.parse('vhost-01');
const zone = ZoneName.parse('test');

export interface ConsoleSite {
  /** Where the hypervisor keeps what the tests give it. */
  readonly folder: string;
  console(definition: DriverDefinition<'console'>, config: Record<string, unknown>): ConsoleLog;
  stop(): Promise<void>;
}

/** A guest on a hypervisor that is this machine behind a real sshd. */
export async function consoleSite(): Promise<ConsoleSite> {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-console-'));
  const folder = join(root, 'vhost');
  mkdirSync(folder);
  const authorized = makeKey(join(root, 'id'));
  const server = await openSshServer({ folder: join(root, 'sshd'), authorized });
  const { port, user, hostKeys } = server;
  const { shell, close, keys } = shellOver(
    [{ name: VHOST, ssh: { port, user }, key: hostKeys[0] }],
    { 'key-file': join(root, 'id'), 'state-dir': join(root, 'claims') },
  );
  const bmc = '127.0.0.1';
  const hosts = [
    plainHost(VHOST, { bmc }),
    plainHost(GUEST, { kind: 'virtual', hypervisor: VHOST, bmc }),
  ];
  const inventory = plainInventory(hosts);
  return {
    folder,
    console: (definition, config) =>
      definition.connect(definition.config.parse(config), {
        zone,
        inventory: { current: () => inventory },
        hostKeys: {
          expected: async (host) => keys.get(host),
          replace: async (host, key) => void keys.set(host, key),
        },
        secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
        shell: () => shell,
      }).port,
    async stop() {
      await close();
      await server.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
