import type { HostName } from '../../../domain/ids.ts';
import { type DomainDisk, disksOf } from './domain-disks.ts';
import { isListed, parseDomain, readDomainXml } from './guest-reads.ts';
import { guestRefused } from './libvirt-failure.ts';
import type { VirtHost } from './virt-host.ts';

/** A guest that is gone once it is stopped, or that is in the middle of something that its disks are part of. */
export async function refuseBusyGuest(
  host: VirtHost,
  guest: HostName,
  disks: readonly DomainDisk[],
): Promise<void> {
  if (!(await isListed(host, guest, '--all', '--persistent'))) throw transient(host, guest);
  const snapshots = await host.virsh('snapshot-list', guest, '--external', '--name');
  if (snapshots.trim() !== '') throw hasSnapshots(guest, snapshots.trim().split('\n'));
  if (!(await isListed(host, guest))) return;
  const live = disksOf(parseDomain(guest, await readDomainXml(host, guest, 'live')));
  for (const disk of live) {
    const defined = disks.find(({ target }) => target === disk.target);
    if (defined?.source !== disk.source) throw otherDisk(guest, disk, defined);
    if (disk.isMirrored || (await hasBlockJob(host, guest, disk))) throw blockJob(guest, disk);
  }
}

/** `--raw` prints nothing where there is none. */
async function hasBlockJob(host: VirtHost, guest: HostName, { target }: DomainDisk) {
  return (await host.virsh('blockjob', guest, target, '--raw')).trim() !== '';
}

function transient({ name }: VirtHost, guest: HostName) {
  return guestRefused(guest, {
    code: 'hypervisor.not-defined',
    because: `it runs on ${name} and is defined nowhere, so nothing is left once it is stopped`,
    next: `Nothing was changed. Define it with virsh define, then retry.`,
  });
}

function hasSnapshots(guest: HostName, names: readonly string[]) {
  return guestRefused(guest, {
    code: 'hypervisor.strange-chain',
    because: `it has external snapshots: ${names.join(', ')}`,
    next: 'Nothing was changed. Merge them with virsh blockcommit, delete them, then retry.',
  });
}

function otherDisk(guest: HostName, live: DomainDisk, defined: DomainDisk | undefined) {
  return guestRefused(guest, {
    code: 'hypervisor.root-unclear',
    because: `it runs with ${live.source} as ${live.target} and is defined with ${defined?.source ?? 'none'}`,
    next: 'Nothing was changed. Restart it or correct its definition, so that both are one.',
  });
}

function blockJob(guest: HostName, { target }: DomainDisk) {
  return guestRefused(guest, {
    code: 'hypervisor.block-job',
    because: `a copy, commit or pull of its disk ${target} is under way`,
    next: `Nothing was changed. Wait for it, or end it with virsh blockjob ${guest} ${target} --abort.`,
  });
}
