import { createHash } from 'node:crypto';
import type { ImageId, ImageName } from '../../domain/ids.ts';
import type { Image, Inventory } from '../../domain/inventory.ts';
import type { ConfigFile } from './config-file.ts';
import { type ConfigPart, inside, items, problemOf, wholeOf } from './config-part.ts';
import { checkHosts } from './host-checks.ts';
import { type HostDraft, hostDrafts } from './host-drafts.ts';
import { checkReferences } from './host-references.ts';
import { checkImages } from './image-checks.ts';
import { type Declarations, inventoryDeclarations } from './inventory-declarations.ts';
import type { ImageEntry } from './inventory-schema.ts';
import { checkPools, type PoolDraft, poolDrafts } from './pool-checks.ts';
import { formatProblem, type Problem } from './problem.ts';
import { readServices, serviceOf } from './service-drafts.ts';
import { serviceProblems } from './service-problems.ts';

export type BuiltInventory =
  | {
      readonly kind: 'inventory';
      readonly inventory: Inventory;
      /** Where it names groups of people, which are known elsewhere. */
      readonly groups: readonly ConfigPart[];
    }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

/** The files of an inventory as one, cross-checked: every name that is mentioned exists. */
export function buildInventory(files: readonly ConfigFile[]): BuiltInventory {
  const problems: Problem[] = [];
  const declared = inventoryDeclarations(files, problems);
  const hosts = hostDrafts(declared, problems);
  const isComplete = problems.length === 0;
  const pools = poolDrafts(declared, hosts);
  problems.push(
    ...checkImages(declared),
    ...checkReferences(hosts, declared),
    ...checkHosts(hosts, declared),
    ...serviceProblems(declared, hosts),
  );
  // What is said about a whole pool would be wrong while one of its hosts could not be read or named no pool that exists.
  if (isComplete && eachPoolExists(hosts, declared))
    problems.push(...checkPools(pools), ...withoutHosts(files, declared));
  if (problems.length > 0) return { kind: 'refused', problems: eachOnce(problems) };
  const inventory = assemble(files, declared, { hosts, pools });
  return { kind: 'inventory', inventory, groups: groupsNamed(declared) };
}

function eachPoolExists(hosts: readonly HostDraft[], { pools }: Declarations): boolean {
  return hosts.every(({ host }) => host.pool === undefined || pools.has(host.pool));
}

function withoutHosts(files: readonly ConfigFile[], { hosts }: Declarations): Problem[] {
  const first = files[0];
  if (hosts.size > 0 || first === undefined) return [];
  const next = 'add a host under hosts, for example "web-01: { zone: staging }"';
  return [problemOf(wholeOf(first), { message: 'the inventory has no hosts', next })];
}

function groupsNamed({ defaults, pools, hosts }: Declarations): ConfigPart[] {
  const entries = [...(defaults ? [defaults] : []), ...pools.values(), ...hosts.values()];
  return entries.flatMap(({ part }) => items(inside(part, 'access')));
}

/** What stands once in the defaults or in a range is a problem of many hosts, but is said once. */
function eachOnce(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}

function assemble(
  files: readonly ConfigFile[],
  { images, services }: Declarations,
  { hosts, pools }: { hosts: readonly HostDraft[]; pools: readonly PoolDraft[] },
): Inventory {
  const byName = new Map(hosts.map((draft) => [draft.host.name, draft]));
  return {
    revision: revisionOf(files),
    hosts: new Map(hosts.map(({ host }) => [host.name, host])),
    pools: new Map(pools.map(({ pool }) => [pool.name, pool])),
    images: new Map(
      [...images].flatMap(([name, { entry }]) =>
        entry === undefined ? [] : versionsOf(name, entry).map((image) => [image.id, image]),
      ),
    ),
    services: new Map(
      readServices(services).flatMap(([name, entry]) =>
        serviceOf(name, entry, byName).map((service) => [name, service]),
      ),
    ),
  };
}

function versionsOf(name: ImageName, entry: ImageEntry): Image[] {
  const { versions, architectures, kinds, 'post-install': postInstall } = entry;
  const installer = installerOf(entry);
  return versions.map((version) => ({
    id: `${name}@${version}` as ImageId,
    name,
    version,
    architectures,
    kinds,
    postInstall: postInstall as Image['postInstall'],
    ...(installer && { installer }),
    ...guestOf(entry, version),
    ...(entry.console && { consolePatterns: entry.console.patterns }),
  }));
}

function installerOf({ installer }: ImageEntry): Image['installer'] {
  if (installer === undefined) return undefined;
  const { 'restores-boot-entry': restoresBootEntry, repository, ...same } = installer;
  return { ...same, restoresBootEntry, ...(repository !== undefined && { repository }) };
}

/** Of a version that has a disk; the others are not installed on guests. */
function guestOf({ guest }: ImageEntry, version: string): Pick<Image, 'guest'> {
  const disk = guest?.disks[version];
  if (guest === undefined || disk === undefined) return {};
  return { guest: { disk, userData: guest['user-data'] } };
}

/** The names count too: the same texts in other files are another revision. */
function revisionOf(files: readonly ConfigFile[]): string {
  const hash = createHash('sha256');
  for (const { name, text } of files) hash.update(JSON.stringify([name, text]));
  return hash.digest('hex');
}
