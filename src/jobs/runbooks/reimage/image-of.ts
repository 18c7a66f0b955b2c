import { Failure } from '../../../domain/failure.ts';
import type { HostName, ImageId } from '../../../domain/ids.ts';
import type { Host, Image, Inventory } from '../../../domain/inventory.ts';

/** A Failure when the inventory no longer has it. */
export function imageOf({ images }: Inventory, id: ImageId): Image {
  const image = images.get(id);
  if (image !== undefined) return image;
  throw missing(`image ${id}`);
}

/** A Failure when the inventory no longer has it. */
export function hostOf({ hosts }: Inventory, name: HostName): Host {
  const host = hosts.get(name);
  if (host !== undefined) return host;
  throw missing(name);
}

function missing(what: string): Failure {
  return new Failure({
    code: 'inventory.missing',
    problem: `${what} is not in the inventory`,
    because: 'it was removed, or this worker reads another inventory',
    effect: 'none',
    next: 'Put it back into the inventory, or roll back.',
  });
}
