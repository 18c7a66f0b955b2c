import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import koji from '../../../src/adapters/infra/koji.ts';
import libvirt from '../../../src/adapters/infra/libvirt-hypervisor.ts';
import { goldenImage } from '../guest/golden-image.ts';
import { startVirtHost } from '../guest-host/start-virt-host.ts';
import { type BuilderHub, builderHub, HUB_PASSWORD } from '../reimage/builder-hub.ts';
import { type VirtGuest, virtGuest } from '../reimage/virt-guest.ts';
import { builderSeed } from './builder-seed.ts';
import { hypervisorLogin } from './node-login.ts';
import type { SiteBuilders } from './swap-site.ts';

export const BUILDERS = { 'builder-01': 'node1', 'builder-02': 'node2' } as const;
export type BuilderName = keyof typeof BUILDERS;

/** Nodes that are hypervisors with a session of libvirt each, and one builder on each of them that is off. */
export interface Builders extends SiteBuilders {
  readonly farm: BuilderHub;
  readonly guests: Readonly<Record<BuilderName, VirtGuest>>;
  /** Where each node writes down that it was updated, and when. */
  readonly updates: string;
  close(): Promise<void>;
}

export async function startBuilders(): Promise<Builders> {
  const [golden, farm, node1] = await Promise.all([
    goldenImage(),
    builderHub(Object.keys(BUILDERS)),
    startVirtHost(),
  ]);
  const node2 = await startVirtHost(node1);
  const hosts = { node1, node2 };
  const { home: folder, ssh } = node1;
  const updates = join(folder, 'updates');
  const passwordFile = join(folder, 'koji-password');
  writeFileSync(passwordFile, HUB_PASSWORD, { mode: 0o600 });
  const authorized = readFileSync(`${ssh.key}.pub`, 'utf8').trim();
  const facts = { authorized, checkInPort: farm.checkInPort };
  const make = (name: BuilderName) => {
    const host = hosts[BUILDERS[name]];
    const [disks, seed] = [join(host.home, 'disks'), builderSeed(name, facts)];
    host.run('mkdir', disks);
    return virtGuest({ host, name, golden, image: golden.disk, disks, seed });
  };
  const guests = { 'builder-01': await make('builder-01'), 'builder-02': await make('builder-02') };
  return {
    key: ssh.key,
    folder,
    farm,
    guests,
    updates,
    logins: { node1: hypervisorLogin(node1), node2: hypervisorLogin(node2) },
    extras: {
      pools: { builders: { 'max-unavailable': '100%' } },
      hosts: Object.fromEntries(
        Object.entries(guests).map(([name, guest]) => [name, hostOf(name as BuilderName, guest)]),
      ),
      service: {
        builders: 'builders',
        update: { commands: [['sh', '-c', `echo "$(date -u +%FT%T.%3NZ) {host}" >>${updates}`]] },
      },
    },
    ports: (environment) => {
      const login = { login: 'password', user: 'bot', 'password-file': passwordFile };
      const hub = koji.config.parse({ hub: farm.hub.url.href, ...login });
      const guestsOf = libvirt.config.parse({
        uri: node1.uri,
        'install-server': 'http://10.0.2.2:8090/',
        state: join(folder, 'state'),
      });
      return {
        farm: koji.connect(hub, environment).port,
        hypervisor: libvirt.connect(guestsOf, environment).port,
      };
    },
    async close() {
      await farm.close();
      await node2.stop();
      await node1.stop();
    },
  };
}

function hostOf(name: BuilderName, { sshPort }: VirtGuest) {
  return {
    kind: 'virtual',
    hypervisor: BUILDERS[name],
    pool: 'builders',
    address: '127.0.0.1',
    ssh: { port: sshPort, user: 'root' },
  };
}
