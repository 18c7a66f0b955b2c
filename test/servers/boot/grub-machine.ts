import grub from '../../../src/adapters/infra/grub-installer.ts';
import { installToken } from '../../../src/adapters/infra/install-server/install-token.ts';
import { memoryInstallTokens } from '../../../src/adapters/infra/install-server/memory-install-tokens.ts';
import { ZoneName } from '../../../src/domain/ids.ts';
import type { Installation } from '../../../src/jobs/ports/installer.ts';
import { HOST, inventoryWith } from '../../adapters/infra/boot/example-image.ts';
import { shellOver } from '../../adapters/infra/ssh/shell-fixture.ts';
import { served } from '../../adapters/web/install-server/install-fixture.ts';
import { type Device, grubHost } from './grub-host.ts';

/** The driver over a machine that starts by GRUB, which fetches with curl from a real install server. */
export async function grubMachine(device?: Device) {
  const machine = await grubHost(device);
  const { ssh, hostKey, keyFile, stateDir, boot } = machine;
  const login = { 'key-file': keyFile, 'state-dir': stateDir };
  const { shell, close } = shellOver([{ name: HOST, ssh, key: hostKey }], login);
  const tokens = memoryInstallTokens();
  const server = await served({ tokens });
  const config = grub.config.parse({ 'install-server': server.base, boot, 'boot-free-mb': 1 });
  const { port: installer } = grub.connect(config, {
    zone: ZoneName.parse('test'),
    inventory: { current: () => inventoryWith() },
    hostKeys: { expected: async () => undefined, replace: async () => {} },
    secrets: { read: () => Promise.reject(new Error('there are no secrets')) },
    shell: () => shell,
  });
  return {
    ...machine,
    installer,
    async open(installation: Installation) {
      const { op, image, nonce } = installation;
      await tokens.open(installToken(HOST, installation), { host: HOST, op, image, nonce });
    },
    async close() {
      await server.close();
      await close();
      await machine.stop();
    },
  };
}

export type GrubMachine = Awaited<ReturnType<typeof grubMachine>>;
