import type { HostName } from '../../../domain/ids.ts';
import { guestRefused } from './libvirt-failure.ts';
import type { VirtHost } from './virt-host.ts';

const PROGRAMS = ['virsh', 'qemu-img', 'flock', 'sha256sum', 'find', 'stat', 'sync'];
const SEED_PROGRAMS = ['genisoimage', 'xorriso', 'mkisofs', 'cloud-localds'];
const LIST_MISSING = 'for name; do command -v "$name" >/dev/null || echo "$name"; done';

/** Refuses a hypervisor that lacks what the scripts need. */
export async function refuseMissingPrograms(host: VirtHost, guest: HostName): Promise<void> {
  const argv = ['sh', '-c', LIST_MISSING, 'signalbox', ...PROGRAMS, ...SEED_PROGRAMS];
  const missing = (await host.output(argv)).split('\n');
  const wanted = PROGRAMS.filter((name) => missing.includes(name));
  if (SEED_PROGRAMS.every((name) => missing.includes(name)))
    wanted.push(SEED_PROGRAMS.join(' or '));
  if (wanted.length === 0) return;
  throw guestRefused(guest, {
    code: 'hypervisor.no-tool',
    because: `${host.name} has no ${wanted.join(', ')}`,
    next: `Nothing was changed. Install it on ${host.name}, then retry.`,
  });
}
