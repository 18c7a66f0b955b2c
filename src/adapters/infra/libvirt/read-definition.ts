import type { HostName } from '../../../domain/ids.ts';
import type { Disk } from '../../../domain/inventory.ts';
import type { GuestDefinition } from '../../../jobs/ports/hypervisor.ts';
import { type DomainDisk, disksOf } from './domain-disks.ts';
import { parseDomain, readDomainXml, refuseUndefined } from './guest-reads.ts';
import { persistentTargets, type RootDisk, rootDisk } from './root-disk.ts';
import type { VirtHost } from './virt-host.ts';
import type { XmlNode } from './xml-tree.ts';

export interface ReadDefinition {
  readonly xml: string;
  readonly disks: readonly DomainDisk[];
  /** Those of them that are persistent. */
  readonly kept: readonly DomainDisk[];
  readonly root: RootDisk;
}

/** As the guest is defined now, its disks told apart by what the inventory says of them. */
export async function readDefinition(
  host: VirtHost,
  guest: HostName,
  { declared, folder }: { readonly declared: readonly Disk[]; readonly folder: string },
): Promise<ReadDefinition> {
  await refuseUndefined(host, guest);
  const xml = await readDomainXml(host, guest, 'defined');
  const disks = disksOf(parseDomain(guest, xml));
  const persistent = persistentTargets(guest, declared, disks);
  const root = rootDisk(guest, disks, { persistent, folder });
  return { xml, disks, kept: disks.filter(({ target }) => persistent.includes(target)), root };
}

export interface SavedDefinition {
  readonly domain: XmlNode;
  /** A part of `domain`. */
  readonly root: RootDisk;
}

/** Its disks are told apart as they were when it was saved, whatever the inventory says by now. */
export function savedDefinition(
  guest: HostName,
  { xml, persistentDisks }: GuestDefinition,
  folder: string,
): SavedDefinition {
  const domain = parseDomain(guest, xml);
  const root = rootDisk(guest, disksOf(domain), { persistent: persistentDisks, folder });
  return { domain, root };
}
