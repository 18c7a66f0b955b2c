import type { HostName } from '../../../domain/ids.ts';
import { refuseUnfitGolden } from './disk-chain.ts';
import { CHECK_GOLDEN } from './golden-script.ts';
import type { GoldenImage } from './guest-image.ts';
import { readChain } from './guest-reads.ts';
import { lastWords } from './libvirt-failure.ts';
import { REFUSED } from './script-codes.ts';
import { parseRefusal, refusedByScript } from './script-refusal.ts';
import type { VirtHost } from './virt-host.ts';

/** A golden image of some ten gigabytes on slow disks. */
const DIGEST_TIMEOUT_MS = 14 * 60_000;

/** There, written by nobody, whole, and what the inventory says. */
export async function refuseUnfitImage(
  host: VirtHost,
  guest: HostName,
  { state, golden }: { state: string; golden: GoldenImage },
): Promise<void> {
  const argv = ['sh', '-c', CHECK_GOLDEN, 'signalbox', state, golden.path, golden.disk.sha256];
  const { code, stdout, stderr } = await host.run(argv, DIGEST_TIMEOUT_MS);
  const because = lastWords(stdout) ?? lastWords(stderr) ?? `exit code ${code}`;
  if (code === REFUSED) {
    const refusal = parseRefusal(because) ?? { code: 'hypervisor.image-missing', because };
    throw refusedByScript({ guest, hypervisor: host.name }, refusal);
  }
  if (code !== 0)
    throw refusedByScript(
      { guest, hypervisor: host.name },
      { code: 'hypervisor.image-missing', because },
    );
  for (const image of await readChain(host, guest, golden.path)) refuseUnfitGolden(guest, image);
}
