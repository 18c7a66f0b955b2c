import { drivesOf, targetOf } from './domain-disks.ts';
import {
  attributeOf,
  element,
  findElement,
  insideOf,
  removeChildren,
  type XmlNode,
} from './xml-tree.ts';

/** Buses that every firmware and kernel reads a CD-ROM from, by the start of the machine's name. */
const BUSES = [
  { machine: /^(?:pc-q35|q35)/, bus: 'sata', prefix: 'sd' },
  { machine: /^(?:pc|isapc)/, bus: 'ide', prefix: 'hd' },
] as const;
const OTHERWISE = { bus: 'scsi', prefix: 'sd' } as const;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Any seed of ours, of whatever operation. */
const SEED = /\.op-[2-9a-hjkmnp-z]{4,12}\.seed\.iso$/;

export function seedPath(rootFile: string, op: string): string {
  return `${rootFile}.${op}.seed.iso`;
}

/** A CD-ROM of its own. Without its file, which is removed once it was used, the guest starts all the same. */
export function attachSeed(domain: XmlNode, seed: string): void {
  detachSeeds(domain);
  const { bus, prefix } = busOf(domain);
  const taken = new Set(drivesOf(domain).map(targetOf));
  const dev = [...LETTERS].map((letter) => prefix + letter).find((name) => !taken.has(name));
  const drive = element('disk', { type: 'file', device: 'cdrom' }, [
    element('driver', { name: 'qemu', type: 'raw' }),
    element('source', { file: seed, startupPolicy: 'optional' }),
    element('target', { dev: dev ?? `${prefix}z`, bus }),
    element('readonly'),
  ]);
  const devices = findElement(domain, 'devices');
  if (devices !== undefined) insideOf(devices).push(drive);
}

function detachSeeds(domain: XmlNode): void {
  const devices = findElement(domain, 'devices');
  if (devices === undefined) return;
  removeChildren(devices, (node) =>
    SEED.test(attributeOf(findElement(node, 'source'), 'file') ?? ''),
  );
}

function busOf(domain: XmlNode) {
  const machine = attributeOf(findElement(domain, 'os', 'type'), 'machine') ?? '';
  return BUSES.find((each) => each.machine.test(machine)) ?? OTHERWISE;
}
