import { Failure } from '../../../domain/failure.ts';
import type { Service, ServiceMember } from '../../../domain/service.ts';
import { agreementOf } from '../../dns/agreement.ts';
import type { DnsZoneReads, NameLook } from '../../ports/dns-zone.ts';

/** The member that every authoritative server points at. A Failure when they differ, or one of them cannot be asked. */
export async function activeMember(
  service: Service,
  dns: DnsZoneReads,
  signal: AbortSignal,
): Promise<ServiceMember> {
  return activeIn(service, await dns.look(service.dns.name, signal));
}

function activeIn(service: Service, look: NameLook): ServiceMember {
  const { name, members, dns } = service;
  const agreement = agreementOf(look);
  if (agreement.kind !== 'agreed') throw noAgreement(name, agreement.because);
  const member = members.find(({ pointsAt }) => pointsAt === agreement.target);
  if (member !== undefined) return member;
  throw new Failure({
    code: 'swap.stranger',
    problem: `nobody knows which member of ${name} is active`,
    because: `${dns.name} points at ${agreement.target}, which is none of them`,
    effect: 'none',
    next: 'Somebody changed the name: find out who, and put it right.',
  });
}

function noAgreement(name: string, because: string): Failure {
  return new Failure({
    code: 'swap.no-agreement',
    problem: `nobody knows which member of ${name} is active`,
    because: `its DNS servers do not agree: ${because}`,
    effect: 'none',
    next: 'Mend the servers, or wait until they follow one another; nothing was changed.',
  });
}
