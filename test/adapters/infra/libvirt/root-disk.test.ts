import { describe, expect, it } from 'vitest';
import { disksOf } from '../../../../src/adapters/infra/libvirt/domain-disks.ts';
import { persistentTargets, rootDisk } from '../../../../src/adapters/infra/libvirt/root-disk.ts';
import { parseXmlTree } from '../../../../src/adapters/infra/libvirt/xml-tree.ts';
import { GUEST } from './example-guest.ts';

const file = (target: string, path: string) =>
  `<disk type='file'><source file='${path}'/><target dev='${target}'/></disk>`;
const block = (target: string) =>
  `<disk type='block' device='disk'><source dev='/dev/vg/a'/><target dev='${target}'/></disk>`;
const disks = (...each: readonly string[]) =>
  disksOf(parseXmlTree(`<domain><devices>${each.join('')}</devices></domain>`));
const named = (name: string, persistent = true) => ({ name, persistent });
const folder = '/disks';

describe('telling the root disk from those that are kept', () => {
  const both = disks(file('vda', '/disks/a'), block('vdb'));

  it('takes the one that is left over', () => {
    expect(rootDisk(GUEST, both, { persistent: ['vdb'], folder })).toMatchObject({
      target: 'vda',
      file: '/disks/a',
    });
    expect(rootDisk(GUEST, disks(file('sda', '/disks/x')), { persistent: [], folder }).target).toBe(
      'sda',
    );
  });

  it('finds what the inventory says is kept, and nothing else', () => {
    const declared = [named('vda', false), named('vdb')];
    expect(persistentTargets(GUEST, declared, both)).toEqual(['vdb']);
  });

  it('refuses a guest without a disk that the inventory says is kept', () => {
    expect(() => persistentTargets(GUEST, [named('vdc')], both)).toThrow(
      'builder-09 cannot be made anew: its persistent disk vdc is not in its definition, which has vda, vdb',
    );
  });

  it('refuses to choose between two', () => {
    expect(() => rootDisk(GUEST, both, { persistent: [], folder })).toThrow(
      'which of its disks is the root disk cannot be told: it has vda, vdb, none of them kept',
    );
    const three = disks(file('vda', '/disks/a'), file('vdb', '/disks/b'), file('vdc', '/disks/c'));
    expect(() => rootDisk(GUEST, three, { persistent: ['vdb'], folder })).toThrow('vdb kept');
  });

  it('refuses a guest all of whose disks are kept, or that has none', () => {
    expect(() => rootDisk(GUEST, both, { persistent: ['vda', 'vdb'], folder })).toThrow('vda, vdb');
    expect(() => rootDisk(GUEST, [], { persistent: [], folder })).toThrow('it has none');
  });

  it('refuses one file as two disks', () => {
    const same = disks(file('vda', '/disks/a'), file('vdb', '/disks/a'));
    expect(() => rootDisk(GUEST, same, { persistent: ['vdb'], folder })).toThrow(
      'two of its disks are /disks/a',
    );
  });

  it.each([
    ['a block device', block('vda'), 'its root disk vda is not a file but /dev/vg/a'],
    ['a file elsewhere', file('vda', '/srv/a'), 'is /srv/a, which is not directly in /disks'],
    ['a file of a folder below', file('vda', '/disks/b/a'), 'is /disks/b/a, which is not directly'],
    ['a file by another way', file('vda', '/disks/../etc/a'), 'is /disks/../etc/a, which is not'],
  ])('refuses %s as a root disk', (_what, xml, because) => {
    expect(() => rootDisk(GUEST, disks(xml), { persistent: [], folder })).toThrow(because);
  });
});
