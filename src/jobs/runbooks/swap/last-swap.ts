import { Failure } from '../../../domain/failure.ts';
import type { Service, ServiceMember } from '../../../domain/service.ts';
import type { ReadPorts } from '../../ports/ports.ts';
import type { SwapInput } from './facts.ts';

/** What the record says and what DNS says have to be the same, unless whoever asks has seen that they are not. */
export async function refuseChangedSince(
  { name, members }: Service,
  { host }: ServiceMember,
  { active }: SwapInput,
  { swaps }: ReadPorts,
): Promise<void> {
  if (active !== undefined && active !== host) throw notActive(name, active, host);
  const last = await swaps?.last(name);
  if (active === host || last?.active === undefined || last.active === host) return;
  if (!members.some((member) => member.host === last.active)) return;
  throw new Failure({
    code: 'swap.changed-since',
    problem: `${name} was moved past the bot`,
    because: `${last.op} left ${last.active} active, and every DNS server says ${host}`,
    effect: 'none',
    next: `Find out who moved it. If it is to be so, add active=${host}.`,
  });
}

function notActive(service: string, typed: string, host: string): Failure {
  return new Failure({
    code: 'swap.other-active',
    problem: `${typed} is not the active member of ${service}`,
    because: `every DNS server says ${host}`,
    effect: 'none',
    next: 'Look again with !status, and leave out active=… where it is not needed.',
  });
}
