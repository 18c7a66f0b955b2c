import type { ImageId, ImageName } from '../../domain/ids.ts';
import { problemOf } from './config-part.ts';
import { type KnownWords, knownWords } from './did-you-mean.ts';
import type { HostDraft } from './host-drafts.ts';
import type { Declarations } from './inventory-declarations.ts';
import type { Problem } from './problem.ts';

/** Every pool, hypervisor, jump host and image that a host names exists. */
export function checkReferences(drafts: readonly HostDraft[], declared: Declarations): Problem[] {
  const pools = knownWords(declared.pools.keys(), {
    what: 'pool',
    otherwise: 'add it under pools',
  });
  const hosts = knownWords(declared.hosts.keys(), {
    what: 'host',
    otherwise: 'add it under hosts',
  });
  const images = knownWords(declared.images.keys(), {
    what: 'image',
    otherwise: 'add it under images',
  });
  const versions = knownWords(versionsOf(declared), {
    what: 'version of an image',
    otherwise: 'add the version to the image',
  });
  return drafts.flatMap((draft) => [
    ...unknownPool(draft, pools),
    ...unknownHosts(draft, hosts),
    ...unknownImage(draft, declared, { images, versions }),
  ]);
}

function unknownPool({ host, at }: HostDraft, pools: KnownWords): Problem[] {
  if (host.pool === undefined || pools.has(host.pool)) return [];
  return [problemOf(at('pool'), pools.complaint(host.pool))];
}

function unknownHosts({ host, at }: HostDraft, hosts: KnownWords): Problem[] {
  const jumps = host.ssh.jump.map((name, index) => ({ name, path: ['ssh', 'jump', index] }));
  const named = [...jumps, { name: host.hypervisor, path: ['hypervisor'] }];
  return named.flatMap(({ name, path }) =>
    name === undefined || hosts.has(name) ? [] : [problemOf(at(...path), hosts.complaint(name))],
  );
}

function unknownImage(
  { host, at }: HostDraft,
  declared: Declarations,
  { images, versions }: { images: KnownWords; versions: KnownWords },
): Problem[] {
  if (host.image === undefined || versions.has(host.image)) return [];
  const name = imageNameOf(host.image);
  if (!images.has(name)) return [problemOf(at('image'), images.complaint(name))];
  // Where the image's own entry could not be read, that is one problem and not two.
  const isRead = declared.images.get(name)?.entry !== undefined;
  return isRead ? [problemOf(at('image'), versions.complaint(host.image))] : [];
}

export function imageNameOf(id: ImageId): ImageName {
  return id.slice(0, id.indexOf('@')) as ImageName;
}

function versionsOf({ images }: Declarations): string[] {
  return [...images].flatMap(([name, { entry }]) =>
    entry === undefined ? [] : entry.versions.map((version) => `${name}@${version}`),
  );
}
