import { inside, problemOf } from './config-part.ts';
import { anyOf } from './did-you-mean.ts';
import type { Declaration, Declarations } from './inventory-declarations.ts';
import type { ImageEntry } from './inventory-schema.ts';
import type { Problem } from './problem.ts';

/** Whether images make sense by themselves. */
export function checkImages({ images }: Declarations): Problem[] {
  return [...images].flatMap(([name, declared]) => [
    ...disksOfNoVersion(name, declared),
    ...guestOfMetal(name, declared),
  ]);
}

function disksOfNoVersion(name: string, { part, entry }: Declaration<ImageEntry>): Problem[] {
  const versions = entry?.versions ?? [];
  const strangers = Object.keys(entry?.guest?.disks ?? {}).filter(
    (version) => !versions.includes(version),
  );
  return strangers.map((version) =>
    problemOf(inside(part, 'guest', 'disks', version), {
      at: 'key',
      message: `image "${name}" has a disk for version "${version}" and no such version`,
      expected: anyOf(versions),
      next: 'add the version to versions, or remove the disk',
      value: version,
    }),
  );
}

function guestOfMetal(name: string, { part, entry }: Declaration<ImageEntry>): Problem[] {
  if (entry?.guest === undefined || entry.kinds.includes('virtual')) return [];
  return [
    problemOf(inside(part, 'guest'), {
      at: 'key',
      message: `image "${name}" is for metal only and says how its guests are made`,
      expected: 'guest only in images for virtual hosts',
      next: 'remove it, or add virtual to kinds',
      value: name,
    }),
  ];
}
