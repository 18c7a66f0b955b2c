import {
  EnvironmentName,
  HostName,
  ImageId,
  ImageName,
  OpId,
  ZoneName,
} from '../../../../src/domain/ids.ts';
import type { BootFile, Host, Image, Inventory } from '../../../../src/domain/inventory.ts';
import type { Installation } from '../../../../src/jobs/ports/installer.ts';

export const HYPERVISOR = HostName.parse('vhost-01');
export const GUEST = HostName.parse('builder-09');
export const IMAGE = ImageId.parse('f43-builder@2026.11.18');
export const OP = OpId.parse('op-7k2m');
export const NONCE = '0123456789abcdef0123456789abcdef';
export const USER_DATA = `#cloud-config
hostname: {host}
write_files:
  - path: /etc/signalbox/installed.json
    content: '{"image": "{image}", "nonce": "{nonce}"}'
runcmd:
  - [curl, --data-urlencode, nonce={nonce}, {report-url}]
`;

export function installation(change: Partial<Installation> = {}): Installation {
  return { op: OP, image: IMAGE, nonce: NONCE, epoch: 1, ...change };
}

/** A hypervisor, and a guest whose second disk is kept. */
export function guestInventory(disk: BootFile, guest: Partial<Host> = {}): Inventory {
  const hosts = [hostOf(HYPERVISOR), { ...hostOf(GUEST), ...virtual, ...guest }];
  const image: Image = {
    id: IMAGE,
    name: ImageName.parse('f43-builder'),
    version: '2026.11.18',
    architectures: ['x86_64'],
    kinds: ['virtual'],
    postInstall: { files: [], commands: [] },
    guest: { disk, userData: USER_DATA },
  };
  return {
    revision: 'test',
    hosts: new Map(hosts.map((host) => [host.name, host])),
    pools: new Map(),
    images: new Map([[IMAGE, image]]),
    services: new Map(),
  };
}

const virtual: Partial<Host> = {
  kind: 'virtual',
  hypervisor: HYPERVISOR,
  disks: [
    { name: 'vda', persistent: false },
    { name: 'vdb', persistent: true },
  ],
};

function hostOf(name: HostName): Host {
  return {
    name,
    kind: 'metal',
    address: '127.0.0.1',
    zone: ZoneName.parse('test'),
    environment: EnvironmentName.parse('test'),
    architecture: 'x86_64',
    buildName: name,
    disks: [],
    ssh: { port: 22, user: 'root', jump: [], sudo: false },
  };
}
