import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Service, ServiceMember } from '../../../domain/service.ts';

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
