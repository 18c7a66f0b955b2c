import { Failure } from './failure.ts';
import type { HostName, ImageId, ServiceName } from './ids.ts';
import type { Host, Image, Inventory } from './inventory.ts';
import type { Service } from './service.ts';

/** A Failure when the inventory no longer has it. */
export function imageOf({ images }: Inventory, id: ImageId): Image {
  return images.get(id) ?? missing(`image ${id}`);
}

/** A Failure when the inventory no longer has it. */
export function hostOf({ hosts }: Inventory, name: HostName): Host {
  return hosts.get(name) ?? missing(name);
}

/** A Failure when the inventory no longer has it. */
export function serviceOf({ services }: Inventory, name: ServiceName): Service {
  return services.get(name) ?? missing(`service ${name}`);
}

function missing(what: string): never {
  throw new Failure({
    code: 'inventory.missing',
    problem: `${what} is not in the inventory`,
    because: 'it was removed, or this worker reads another inventory',
    effect: 'none',
    next: 'Put it back into the inventory, or roll back.',
  });
}
