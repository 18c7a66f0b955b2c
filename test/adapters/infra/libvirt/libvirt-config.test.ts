import { describe, expect, it } from 'vitest';
import libvirt from '../../../../src/adapters/infra/libvirt-hypervisor.ts';

const server = { 'install-server': 'http://10.0.0.5:8090' };

describe('the configuration of the libvirt hypervisors', () => {
  it('needs to know where guests report, and has a default for everything else', () => {
    expect(libvirt.config.parse(server)).toEqual({
      uri: 'qemu:///system',
      'install-server': 'http://10.0.0.5:8090/',
      images: '/var/lib/libvirt/golden',
      disks: '/var/lib/libvirt/images',
      state: '/var/lib/signalbox/guests',
      tpm: '/var/lib/libvirt/swtpm',
      'shutdown-seconds': 120,
      'free-mb': 4096,
    });
    expect(() => libvirt.config.parse({})).toThrow('install-server');
  });

  it.each([
    ['uri', 'qemu+ssh://elsewhere/system'],
    ['uri', 'qemu:///system --help'],
    ['disks', 'images'],
    ['disks', '/images/../etc'],
    ['images', '/images/'],
    ['state', '/a b'],
  ])('refuses %s as %j', (name, value) => {
    expect(() => libvirt.config.parse({ ...server, [name]: value })).toThrow('expected');
  });
});
