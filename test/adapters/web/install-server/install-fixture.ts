import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installToken } from '../../../../src/adapters/infra/install-server/install-token.ts';
import type { InstallTokens } from '../../../../src/adapters/infra/install-server/install-tokens.ts';
import {
  type InstallServerLimits,
  startInstallServer,
} from '../../../../src/adapters/web/install-server/start-install-server.ts';
import type { ImageInstaller } from '../../../../src/domain/inventory.ts';
import {
  HOST,
  IMAGE,
  INITRD,
  installation,
  inventoryWith,
  KERNEL,
  NONCE,
  OP,
} from '../../infra/boot/example-image.ts';

export const TOKEN = installToken(HOST, installation());
export const INSTALL = { host: HOST, op: OP, image: IMAGE, nonce: NONCE };
const TEMPLATE = `# {host} gets {image}, \${not-ours} {unknown}
url --url={repository}
%post
curl --data-urlencode nonce={nonce} {report-url}
%end
`;

export interface ServedOptions {
  readonly tokens: InstallTokens;
  readonly image?: Partial<ImageInstaller> | 'no installer';
  readonly template?: string;
  readonly limits?: Partial<InstallServerLimits>;
  readonly addresses?: readonly string[];
  readonly hasEnded?: () => Promise<boolean>;
  /** What hosts call it by; where it listens, when absent. */
  readonly url?: string;
}

/** The install server on loopback over a folder of files, and what it logged. */
export async function served(options: ServedOptions) {
  const { tokens, image, template = TEMPLATE, limits, addresses = ['127.0.0.1'] } = options;
  const root = mkdtempSync(join(tmpdir(), 'signalbox-install-'));
  const files = join(root, 'files');
  mkdirSync(join(files, 'f43'), { recursive: true });
  writeFileSync(join(root, 'secret'), 'not for hosts');
  symlinkSync(join(root, 'secret'), join(files, 'f43/link'));
  writeFileSync(join(files, 'f43/vmlinuz'), KERNEL);
  writeFileSync(join(files, 'f43/initrd.img'), INITRD);
  writeFileSync(join(files, 'f43.ks'), template);
  const log: string[] = [];
  const { url = 'http://install.example.org:8090/' } = options;
  const config = { url, listen: '127.0.0.1', port: 0, files };
  const server = await startInstallServer({
    config,
    tokens,
    inventory: { current: () => inventoryWith(image) },
    log: (message) => log.push(message),
    hasEnded: options.hasEnded ?? (async () => false),
    addressesOf: async () => addresses,
    ...(limits && { limits }),
  });
  const base = `http://127.0.0.1:${server.port}`;
  return {
    ...server,
    base,
    log,
    files,
    get: (path: string, init?: RequestInit) => fetch(base + path, init),
    async close() {
      await server.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export type Served = Awaited<ReturnType<typeof served>>;
