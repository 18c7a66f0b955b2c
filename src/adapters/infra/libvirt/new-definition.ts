import type { OpId } from '../../../domain/ids.ts';
import { markGuest } from './guest-mark.ts';
import type { RootDisk } from './root-disk.ts';
import { attachSeed } from './seed-drive.ts';
import {
  element,
  findElement,
  formatXmlTree,
  insideOf,
  removeChildren,
  setAttribute,
  type XmlNode,
} from './xml-tree.ts';

/** The guest as it was, with a root disk that is an overlay now, the seed in a drive of its own, and our mark. */
export function newDefinition(
  domain: XmlNode,
  { root, seed, op }: { readonly root: RootDisk; readonly seed: string; readonly op: OpId },
): string {
  makeOverlay(root.node);
  attachSeed(domain, seed);
  markGuest(domain, op);
  return formatXmlTree(domain);
}

/** Whatever it was before. libvirt finds out itself what is below it. */
function makeOverlay(disk: XmlNode): void {
  const driver = findElement(disk, 'driver');
  if (driver === undefined) insideOf(disk).push(element('driver', { name: 'qemu', type: 'qcow2' }));
  else setAttribute(driver, 'type', 'qcow2');
  removeChildren(disk, (child) => 'backingStore' in child);
}
