import { attributeOf, childrenOf, findElement, type XmlNode } from './xml-tree.ts';

export interface DomainDisk {
  /** As the guest's definition calls it, e.g. `vda`. */
  readonly target: string;
  readonly bus: string | undefined;
  /** Undefined where it is not a file of the hypervisor. */
  readonly file: string | undefined;
  /** What its content is in, whatever kind of source that is; for people. */
  readonly source: string;
  readonly format: string | undefined;
  /** A copy or commit of it is under way. */
  readonly isMirrored: boolean;
  readonly node: XmlNode;
}

/** Disks with content of the guest's own; no CD-ROMs and floppies. */
export function disksOf(domain: XmlNode): readonly DomainDisk[] {
  return drivesOf(domain)
    .filter((node) => ['disk', 'lun'].includes(attributeOf(node, 'device') ?? 'disk'))
    .map(toDisk);
}

/** Everything that libvirt calls a disk. */
export function drivesOf(domain: XmlNode): readonly XmlNode[] {
  const devices = findElement(domain, 'devices');
  return devices === undefined ? [] : childrenOf(devices, 'disk');
}

export function targetOf(node: XmlNode): string {
  return attributeOf(findElement(node, 'target'), 'dev') ?? '';
}

function toDisk(node: XmlNode): DomainDisk {
  const source = findElement(node, 'source');
  const file = attributeOf(node, 'type') === 'file' ? attributeOf(source, 'file') : undefined;
  const named = ['file', 'dev', 'name', 'volume', 'dir'].map((name) => attributeOf(source, name));
  return {
    target: targetOf(node),
    bus: attributeOf(findElement(node, 'target'), 'bus'),
    file,
    source: named.find((name) => name !== undefined) ?? 'nothing',
    format: attributeOf(findElement(node, 'driver'), 'type'),
    isMirrored: findElement(node, 'mirror') !== undefined,
    node,
  };
}
