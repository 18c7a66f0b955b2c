import { describe, expect, it } from 'vitest';
import {
  disksOf,
  drivesOf,
  targetOf,
} from '../../../../src/adapters/infra/libvirt/domain-disks.ts';
import { markOf } from '../../../../src/adapters/infra/libvirt/guest-mark.ts';
import { newDefinition } from '../../../../src/adapters/infra/libvirt/new-definition.ts';
import { rootDisk } from '../../../../src/adapters/infra/libvirt/root-disk.ts';
import { seedPath } from '../../../../src/adapters/infra/libvirt/seed-drive.ts';
import {
  attributeOf,
  childrenOf,
  findElement,
  parseXmlTree,
  type XmlNode,
} from '../../../../src/adapters/infra/libvirt/xml-tree.ts';
import { OpId } from '../../../../src/domain/ids.ts';
import { domainXml } from './example-domain.ts';
import { GUEST, OP } from './example-guest.ts';

const SECOND = OpId.parse('op-9xyz');

function anew(xml: string, op: OpId = OP): { xml: string; domain: XmlNode } {
  const domain = parseXmlTree(xml);
  const root = rootDisk(GUEST, disksOf(domain), { persistent: ['sda'], folder: '/disks' });
  const made = newDefinition(domain, { root, seed: seedPath(root.file, op), op });
  return { xml: made, domain: parseXmlTree(made) };
}

function seeds(domain: XmlNode) {
  return drivesOf(domain).filter((drive) =>
    attributeOf(findElement(drive, 'source'), 'file')?.endsWith('.seed.iso'),
  );
}

describe('the definition of a guest that is made anew', () => {
  it('has an overlay where its root disk was, and the rest as it stood', () => {
    const [root, kept] = disksOf(anew(domainXml()).domain);
    expect(root).toMatchObject({ target: 'vda', file: '/disks/root.img', format: 'qcow2' });
    expect(findElement(root?.node ?? {}, 'backingStore')).toBeUndefined();
    expect(attributeOf(findElement(root?.node ?? {}, 'driver'), 'cache')).toBe('none');
    expect(kept).toMatchObject({ target: 'sda', source: '/dev/vg/cache' });
    const kinds = [
      '<description>Ana&apos;s builder &amp; &lt;nobody&gt; else&apos;s</description>',
    ];
    for (const text of kinds) expect(anew(domainXml()).xml).toContain(text);
  });

  it('says which operation it was made for', () => {
    const { xml, domain } = anew(domainXml());
    expect(markOf(domain)).toBe(OP);
    expect(markOf(parseXmlTree(domainXml()))).toBeUndefined();
    expect(markOf(anew(xml, SECOND).domain)).toBe(SECOND);
    const metadata = findElement(anew(xml, SECOND).domain, 'metadata') ?? {};
    expect(childrenOf(metadata, 'signalbox:guest')).toHaveLength(1);
  });

  it('keeps what others have put into its metadata', () => {
    const theirs =
      '<os:libosinfo xmlns:os="http://libosinfo.org/x"><os:id v="f43"/></os:libosinfo>';
    const { xml } = anew(domainXml({ metadata: `<metadata>${theirs}</metadata>` }));
    expect(xml).toContain(theirs);
  });

  it('knows its mark by the namespace, and no other', () => {
    const renamed = `<metadata><x:guest xmlns:x='urn:signalbox:guest:1' op='${OP}'/></metadata>`;
    expect(markOf(parseXmlTree(domainXml({ metadata: renamed })))).toBe(OP);
    const foreign = `<metadata><signalbox:guest xmlns:signalbox='urn:x' op='${OP}'/></metadata>`;
    expect(markOf(parseXmlTree(domainXml({ metadata: foreign })))).toBeUndefined();
    const bad = "<metadata><x:guest xmlns:x='urn:signalbox:guest:1' op='$(id)'/></metadata>";
    expect(markOf(parseXmlTree(domainXml({ metadata: bad })))).toBeUndefined();
  });

  it.each([
    ['pc-q35-7.2', 'sata', 'sdc'],
    ['pc-i440fx-7.2', 'ide', 'hda'],
    ['virt-7.2', 'scsi', 'sdc'],
  ])('has the seed in a drive of its own on a %s', (machine, bus, dev) => {
    const [seed, ...more] = seeds(anew(domainXml({ machine })).domain);
    expect(more).toEqual([]);
    expect(targetOf(seed ?? {})).toBe(dev);
    expect(attributeOf(findElement(seed ?? {}, 'target'), 'bus')).toBe(bus);
    expect(attributeOf(seed, 'device')).toBe('cdrom');
    expect(attributeOf(findElement(seed ?? {}, 'source'), 'startupPolicy')).toBe('optional');
  });

  it('has one seed, also where an earlier operation has left one', () => {
    const [seed, ...more] = seeds(anew(anew(domainXml()).xml, SECOND).domain);
    expect(more).toEqual([]);
    const file = attributeOf(findElement(seed ?? {}, 'source'), 'file');
    expect(file).toBe('/disks/root.img.op-9xyz.seed.iso');
  });
});
