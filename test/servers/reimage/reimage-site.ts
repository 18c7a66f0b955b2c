import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostName } from '../../../src/domain/ids.ts';
import type { OpRef } from '../../../src/jobs/journal/journal.ts';
import { type GoldenImage, goldenImage } from '../guest/golden-image.ts';
import { startVirtHost, type VirtHost } from '../guest-host/start-virt-host.ts';
import { type CountedPrograms, countedPrograms } from './counted-programs.ts';
import { guestInventory, HYPERVISOR } from './guest-inventory.ts';
import { type ProgramSite, type SiteFacts, startProgramSite } from './program-site.ts';
import type { TinyImage } from './tiny-images.ts';
import { type VirtGuest, virtGuest } from './virt-guest.ts';

/** A guest that is emulated on a busy machine starts twice in this time. */
export const PATIENCE_MS = 200_000;

/** What is counted on the targets when each effect happened once. */
export const ONCE = {
  acts: { undefine: 1, create: 1, define: 1, start: 1 },
  hub: { disableHost: 1, editHost: 2, enableHost: 1 },
} as const;

/** As the emulator's own network shows this machine to its guests. */
const HOST_SEEN_BY_GUESTS = '10.0.2.2';

/** A site with a hypervisor, whose one guest of libvirt was never installed. Everything is real but the hub. */
export interface ReimageSite extends Omit<ProgramSite, 'reimage'> {
  readonly guest: VirtGuest;
  readonly acts: CountedPrograms;
  reimage(image?: TinyImage): Promise<OpRef>;
  /** Counts from now on. */
  reset(): void;
}

export async function startReimageSite(
  name: HostName,
  shell: 'node-ssh' | 'openssh',
): Promise<ReimageSite> {
  const golden = await goldenImage();
  const host = await startVirtHost();
  const acts = countedPrograms(host);
  const guest = await firstGuest(host, golden, name);
  const program = await startProgramSite({
    builders: [name],
    installHost: HOST_SEEN_BY_GUESTS,
    witness: { restart: ['reboot'] },
    parts: async ({ farm, installPort }) => ({
      inventory: guestInventory(host, [guest], {
        authorized: readFileSync(`${host.ssh.key}.pub`, 'utf8').trim(),
        sha256: createHash('sha256').update(readFileSync(golden.disk)).digest('hex'),
        checkInPort: farm.checkInPort,
      }),
      drivers: drivers(host, shell, { installPort }),
      known: { [HYPERVISOR]: host.ssh.hostKey },
    }),
  });
  return {
    ...program,
    guest,
    acts,
    reimage: (image = 'tiny') => program.reimage(name, image),
    reset() {
      acts.reset();
      program.farm.reset();
    },
    async close() {
      await program.close();
      await host.stop();
    },
  };
}

async function firstGuest(host: VirtHost, golden: GoldenImage, name: HostName): Promise<VirtGuest> {
  const { images, disks } = foldersOf(host);
  const image = join(images, 'golden.qcow2');
  host.run('mkdir', images, disks);
  host.run('cp', golden.disk, image);
  return virtGuest({ host, name, golden, image, disks });
}

function foldersOf({ home }: VirtHost) {
  return { images: join(home, 'images'), disks: join(home, 'disks') };
}

function drivers(host: VirtHost, product: string, { installPort }: Pick<SiteFacts, 'installPort'>) {
  return {
    shell: {
      product,
      'key-file': host.ssh.key,
      'connect-timeout-s': 10,
      // On the hypervisor and on its guests alike.
      'state-dir': join(host.home, 'claims'),
    },
    hypervisor: {
      product: 'libvirt',
      uri: host.uri,
      'install-server': `http://${HOST_SEEN_BY_GUESTS}:${installPort}/`,
      ...foldersOf(host),
      state: join(host.home, 'state'),
      tpm: join(host.home, '.config/libvirt/qemu/swtpm'),
      'shutdown-seconds': 10,
      'free-mb': 1,
    },
  };
}
