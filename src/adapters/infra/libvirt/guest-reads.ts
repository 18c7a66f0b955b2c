import type { HostName } from '../../../domain/ids.ts';
import { type DiskChain, DiskChain as DiskChainSchema } from './disk-chain.ts';
import { guestRefused, unreadable } from './libvirt-failure.ts';
import type { VirtHost } from './virt-host.ts';
import { parseXmlTree, type XmlNode } from './xml-tree.ts';

type Filter = '--all' | '--persistent' | '--autostart';

/** Whether virsh lists it; those that run where nothing else is asked for. */
export async function isListed(
  host: VirtHost,
  guest: HostName,
  ...filters: readonly Filter[]
): Promise<boolean> {
  const names = await host.virsh('list', '--name', ...filters);
  return names.split('\n').includes(guest);
}

export async function refuseUndefined(host: VirtHost, guest: HostName): Promise<void> {
  if (await isListed(host, guest, '--all')) return;
  throw guestRefused(guest, {
    code: 'hypervisor.not-defined',
    because: `${host.name} has no guest of that name`,
    next: 'Nothing was changed. Define it there, or name another hypervisor in the inventory.',
  });
}

/** As it is defined, or with `live` as it runs. Never with passwords. */
export async function readDomainXml(
  host: VirtHost,
  guest: HostName,
  as: 'defined' | 'live',
): Promise<string> {
  return host.virsh('dumpxml', guest, ...(as === 'defined' ? ['--inactive'] : []));
}

export function parseDomain(guest: HostName, xml: string): XmlNode {
  try {
    return parseXmlTree(xml);
  } catch (cause) {
    throw unreadable(guest, 'its definition', cause);
  }
}

/** The file and everything below it; also of a disk that is in use. */
export async function readChain(host: VirtHost, guest: HostName, file: string): Promise<DiskChain> {
  const argv = [
    'qemu-img',
    'info',
    '--force-share',
    '--backing-chain',
    '--output=json',
    '--',
    file,
  ];
  return parseChain(guest, await host.output(argv));
}

export function parseChain(guest: HostName, json: string): DiskChain {
  try {
    return DiskChainSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw unreadable(guest, 'qemu-img info', cause);
  }
}
