import { Failure, rootMessage } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Fence } from '../../../jobs/ports/hypervisor.ts';
import type { GuestAct } from './guest-scripts.ts';

interface Place {
  readonly guest: HostName;
  readonly hypervisor: HostName;
}

export function superseded(
  { guest, hypervisor }: Place,
  { op, epoch, newer }: Fence & { newer: string },
): Failure {
  return new Failure({
    code: 'ssh.claim-superseded',
    problem: `${hypervisor} refused to act on ${guest} for ${op}`,
    because: `epoch ${newer} has been there and this is epoch ${epoch}`,
    effect: 'none',
    next: `Nothing was changed. Another worker has taken ${op} over; leave it to that one.`,
  });
}

export function noEnd({ guest, hypervisor }: Place, act: GuestAct, cause: unknown): Failure {
  return new Failure({
    code: 'hypervisor.no-end',
    problem: `What became of ${act} of ${guest} on ${hypervisor} is not known`,
    because: rootMessage(cause),
    effect: 'unknown',
    next: `It may still be at work. Retry waits for it there and goes on.`,
    cause,
  });
}

export function commandFailed({ guest, hypervisor }: Place, act: GuestAct, said: string): Failure {
  return new Failure({
    code: 'hypervisor.command-failed',
    problem: `${act} of ${guest} failed on ${hypervisor}`,
    because: said,
    effect: 'unknown',
    next: `No disk was removed. Mend it on ${hypervisor}; retry goes on where it stopped.`,
  });
}
