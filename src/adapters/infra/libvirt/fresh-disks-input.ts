import type { HostName } from '../../../domain/ids.ts';
import type { Installation } from '../../../jobs/ports/installer.ts';
import type { ActInput } from './act-on-guest.ts';
import { type DiskImage, overlaySize } from './disk-chain.ts';
import type { GoldenImage } from './guest-image.ts';
import { readChain } from './guest-reads.ts';
import { installationMark } from './installation-mark.ts';
import type { RootDisk } from './root-disk.ts';
import { seedOf } from './seed.ts';
import { seedPath } from './seed-drive.ts';
import type { VirtHost } from './virt-host.ts';

interface Fresh {
  readonly root: RootDisk;
  readonly golden: GoldenImage;
  readonly installation: Installation;
  readonly server: string;
}

/** What the script is told that makes a fresh root disk and its seed. The seed comes on stdin. */
export async function freshDisksInput(
  host: VirtHost,
  guest: HostName,
  { root, golden, installation, server }: Fresh,
): Promise<ActInput> {
  const [image] = await readChain(host, guest, golden.path);
  const old = await oldRoot(host, guest, { root, installation });
  const { metaData, userData } = seedOf(guest, golden, { installation, server });
  const stdin = metaData + userData;
  const words = [
    root.file,
    golden.path,
    golden.disk.sha256,
    String(overlaySize(image, old)),
    installationMark(installation),
    seedPath(root.file, installation.op),
    String(Buffer.byteLength(metaData)),
    String(Buffer.byteLength(stdin)),
  ];
  return { words, stdin };
}

/** Where it was, or where it was put aside already; undefined where it is gone, which the script has a word on. */
async function oldRoot(
  host: VirtHost,
  guest: HostName,
  { root, installation }: Pick<Fresh, 'root' | 'installation'>,
): Promise<DiskImage | undefined> {
  for (const file of [`${root.file}.${installation.op}`, root.file]) {
    const isThere = (await host.run(['test', '-e', file])).code === 0;
    if (isThere) return (await readChain(host, guest, file))[0];
  }
  return undefined;
}
