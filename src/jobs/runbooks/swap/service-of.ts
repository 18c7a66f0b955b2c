import { Failure } from '../../../domain/failure.ts';
import type { HostName, ServiceName } from '../../../domain/ids.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import type { Service, ServiceMember } from '../../../domain/service.ts';

/** A Failure when the inventory no longer has it. */
export function serviceOf({ services }: Inventory, name: ServiceName): Service {
  const service = services.get(name);
  if (service !== undefined) return service;
  throw new Failure({
    code: 'inventory.missing',
    problem: `service ${name} is not in the inventory`,
    because: 'it was removed, or this worker reads another inventory',
    effect: 'none',
    next: 'Put it back into the inventory, or roll back.',
  });
}

/** A Failure when it is none of the service's. */
export function memberOf({ name, members }: Service, host: HostName): ServiceMember {
  const member = members.find((each) => each.host === host);
  if (member !== undefined) return member;
  throw new Failure({
    code: 'swap.no-member',
    problem: `${host} cannot become active`,
    because: `${name} has the members ${members.map((each) => each.host).join(', ')}`,
    effect: 'none',
    next: `Name one of them with to=….`,
  });
}
