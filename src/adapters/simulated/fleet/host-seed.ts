import type { LabGuest, LabHost, LabSystem } from './lab-host.ts';
import { freshSystem, KOJID_CONF, textFile } from './lab-system.ts';
import type { World } from './world.ts';

/** What a host of the lab is when it starts: running, installed, and known to the build system if it is a builder. */
export interface HostSeed {
  readonly name: string;
  readonly kind: 'metal' | 'virtual';
  readonly architecture?: string;
  readonly hypervisor?: string;
  readonly image?: string;
  readonly disks?: readonly { readonly name: string; readonly persistent: boolean }[];
  readonly builder?: { readonly enabled?: boolean; readonly comment?: string };
}

const ROOT_DISK = [{ name: 'vda', persistent: false }];
/** How long it has been up when the lab starts. */
const UP_MS = 3 * 24 * 3_600_000;

export function addHost(world: World, seed: HostSeed): void {
  const disks = (seed.disks ?? ROOT_DISK).map((disk) => ({
    ...disk,
    content: world.random.uuid(),
  }));
  const host: LabHost = {
    name: seed.name,
    kind: seed.kind,
    architecture: seed.architecture ?? 'x86_64',
    hypervisor: seed.hypervisor,
    disks,
    guest: guestOf(world, seed),
    state: 'running',
    until: undefined,
    bootId: world.random.uuid(),
    bootedAt: world.settledAt - UP_MS,
    system: systemOf(world, seed),
    armed: undefined,
    installing: undefined,
    processes: [],
    kojidSince: undefined,
  };
  world.hosts.set(host.name, host);
  if (seed.builder !== undefined) addBuilder(world, host.name, seed.builder);
}

function systemOf(world: World, { name, image = 'f43@2026.10.01', builder }: HostSeed): LabSystem {
  const system = freshSystem(world, image, world.random.bytes(16).toString('hex'));
  system.files.set('/etc/hostname', textFile(`${name}\n`));
  if (builder === undefined) return system;
  system.files.set(KOJID_CONF, textFile('[kojid]\nserver = http://koji.lab/kojihub\n'));
  system.services.add('kojid');
  return system;
}

function guestOf(world: World, { name, kind, disks = [] }: HostSeed): LabGuest {
  const rest = {
    fresh: undefined,
    builtFor: undefined,
    keptRoot: undefined,
    epochs: new Map<string, number>(),
  };
  if (kind === 'metal') return { definition: undefined, ...rest };
  const persistentDisks = disks.filter((disk) => disk.persistent).map((disk) => disk.name);
  const xml = `<domain type='kvm'><name>${name}</name><uuid>${world.random.uuid()}</uuid></domain>`;
  return { definition: { xml, persistentDisks }, ...rest };
}

function addBuilder(
  world: World,
  host: string,
  { enabled = true, comment = '' }: NonNullable<HostSeed['builder']>,
): void {
  const id = world.builders.size + 1;
  world.builders.set(host, { id, host, enabled, comment, checkedInAt: world.settledAt });
}
