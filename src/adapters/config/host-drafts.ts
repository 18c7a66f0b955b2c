import type { EnvironmentName, HostName, ImageId, ImageName, PoolName } from '../../domain/ids.ts';
import type { Host, SshAccess } from '../../domain/inventory.ts';
import { type ConfigPart, inside, problemOf } from './config-part.ts';
import type { Declaration, Declarations } from './inventory-declarations.ts';
import type { DefaultsEntry, HostEntry, ImageEntry, PoolEntry } from './inventory-schema.ts';
import type { Problem } from './problem.ts';

/** A host with the defaults merged under it, and the way back to where each of its values stands. */
export interface HostDraft {
  readonly host: Host;
  readonly part: ConfigPart;
  /** Where a value stands: in its own entry, or in the defaults when it comes from there. */
  at(...path: readonly (string | number)[]): ConfigPart;
}

/** Hosts whose own entry could be read. A host without a zone is a problem and left out. */
export function hostDrafts(declared: Declarations, problems: Problem[]): HostDraft[] {
  const { defaults } = declared;
  if (defaults !== undefined && defaults.entry === undefined) return [];
  return [...declared.hosts].flatMap(([name, { part, entry }]) => {
    if (entry === undefined) return [];
    const host = hostFrom({
      name,
      entry,
      defaults: defaults?.entry ?? {},
      images: declared.images,
      pools: declared.pools,
    });
    if (host === undefined) problems.push(withoutZone(name, part));
    return host === undefined ? [] : [{ host, part, at: whereabouts(part, defaults) }];
  });
}

interface Ingredients {
  readonly name: HostName;
  readonly entry: HostEntry;
  readonly defaults: DefaultsEntry;
  readonly images: Declarations['images'];
  readonly pools: Declarations['pools'];
}

function hostFrom({ name, entry, defaults, images, pools }: Ingredients): Host | undefined {
  const own: HostEntry = { ...defaults, ...entry };
  if (own.zone === undefined) return undefined;
  const { pool, site, rack, hypervisor, bmc } = own;
  const access = entry.access ?? accessOf(pools, pool) ?? defaults.access;
  return {
    name,
    kind: own.kind ?? (hypervisor === undefined ? 'metal' : 'virtual'),
    address: filledIn(own.address ?? name, name),
    ...(pool !== undefined && { pool }),
    zone: own.zone,
    environment: own.environment ?? (own.zone as string as EnvironmentName),
    architecture: own.architecture ?? 'x86_64',
    ...(site !== undefined && { site }),
    ...(rack !== undefined && { rack }),
    ...(hypervisor !== undefined && { hypervisor }),
    ...(bmc !== undefined && { bmc: filledIn(bmc, name) }),
    buildName: filledIn(own['build-name'] ?? name, name),
    ...(own.image !== undefined && { image: imageId(own.image, images) }),
    disks: own.disks ?? [],
    ssh: sshAccess(name, entry, defaults),
    ...(access !== undefined && { access }),
  };
}

function accessOf(pools: Declarations['pools'], pool: PoolName | undefined): PoolEntry['access'] {
  return pool === undefined ? undefined : pools.get(pool)?.entry?.access;
}

/** A jump host does not go through itself: what the defaults say about jumping is not for the hosts they name. */
function sshAccess(name: HostName, { ssh = {} }: HostEntry, defaults: DefaultsEntry): SshAccess {
  const common = defaults.ssh ?? {};
  const address = ssh.address ?? common.address;
  const jump = common.jump?.includes(name) ? [] : common.jump;
  return {
    ...(address !== undefined && { address: filledIn(address, name) }),
    port: ssh.port ?? common.port ?? 22,
    user: ssh.user ?? common.user ?? 'root',
    jump: ssh.jump ?? jump ?? [],
    sudo: ssh.sudo ?? common.sudo ?? false,
  };
}

/** A name alone is the newest version. A version that does not exist is found later, by its id. */
function imageId(image: string, images: Declarations['images']): ImageId {
  if (image.includes('@')) return image as ImageId;
  return newestOf(image, images.get(image as ImageName));
}

function newestOf(image: string, declared: Declaration<ImageEntry> | undefined): ImageId {
  return `${image}@${declared?.entry?.versions[0] ?? 'unknown'}` as ImageId;
}

function whereabouts(part: ConfigPart, defaults: Declaration<DefaultsEntry> | undefined) {
  return (...path: readonly (string | number)[]): ConfigPart => {
    const own = inside(part, ...path);
    const common = defaults && inside(defaults.part, ...path);
    return own.value === undefined && common?.value !== undefined ? common : own;
  };
}

function filledIn(text: string, name: HostName): string {
  return text.replaceAll('{host}', name);
}

function withoutZone(name: HostName, part: ConfigPart): Problem {
  return problemOf(part, {
    at: 'key',
    message: `host "${name}" has no zone`,
    expected: 'the zone whose workers reach it',
    next: 'add "zone: staging" to it, or to defaults for all hosts',
    value: name,
  });
}
