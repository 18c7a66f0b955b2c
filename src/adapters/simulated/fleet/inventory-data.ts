import type { Json } from '../../../domain/json.ts';
import type { Fleet } from './fleet.ts';
import type { LabHost } from './lab-host.ts';
import { KOJID_CONF } from './lab-system.ts';

const NEWEST = '2026.11.18';
const BASTION = 'bastion-01';
/** These are reached through the bastion, where there is one. */
const BEHIND_BASTION = ['builder-05', 'builder-06', 'builder-19', 'builder-20'];

/**
 * The inventory that matches a fleet, in the shape of its YAML file. `ports` says where each host's SSH server listens;
 * without it every host has port 22.
 */
export function inventoryData(fleet: Fleet, ports: ReadonlyMap<string, number> = new Map()) {
  const { hosts, builders } = fleet.world();
  const entries = [...hosts.values()].map((host) => {
    const isBuilder = builders.has(host.name);
    const ssh = sshEntry(host, ports, hosts.has(BASTION));
    return [host.name, { ...common(host), ...(isBuilder ? builder(host) : {}), ssh }] as const;
  });
  return {
    images: { 'f43-builder': image() },
    pools: { builders: { 'max-unavailable': 2, 'one-per-architecture': true } },
    hosts: Object.fromEntries(entries),
  } satisfies Json;
}

function common({ kind, architecture, hypervisor }: LabHost) {
  return {
    kind,
    zone: 'staging',
    environment: 'staging',
    architecture,
    address: '127.0.0.1',
    ...(hypervisor === undefined ? {} : { hypervisor }),
  };
}

function builder({ disks }: LabHost) {
  return {
    pool: 'builders',
    image: 'f43-builder',
    disks: disks.map(({ name, persistent }) => (persistent ? { name, persistent } : { name })),
  };
}

function sshEntry({ name }: LabHost, ports: ReadonlyMap<string, number>, hasBastion: boolean) {
  const jump = hasBastion && BEHIND_BASTION.includes(name) ? { jump: [BASTION] } : {};
  return { port: ports.get(name) ?? 22, user: 'root', ...jump };
}

function image() {
  return {
    versions: [NEWEST, '2026.10.04'],
    architectures: ['x86_64', 'aarch64'],
    'post-install': {
      files: [
        { path: '/etc/motd', mode: '0644', owner: 'root', content: '{host} is a builder\n' },
        { path: '/etc/kojid/koji-client.pem', mode: '0600', owner: 'root', secret: 'koji-cert' },
        { path: KOJID_CONF, mode: '0644', owner: 'root', content: kojidConf() },
      ],
      commands: [
        ['mount', '/srv/cache'],
        ['hostnamectl', 'set-hostname', '{host}'],
        ['systemctl', 'enable', '--now', 'kojid'],
      ],
    },
  };
}

function kojidConf(): string {
  return '[kojid]\nserver = http://koji.lab/kojihub\ncert = /etc/kojid/koji-client.pem\n';
}
