import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Hop } from './route.ts';

export function unreachable(host: HostName, because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'ssh.unreachable',
    problem: `SSH to ${host} failed`,
    because,
    effect: 'none',
    next: `Nothing was run. Check that ${host} is up and its SSH server answers, then run it again.`,
    cause,
  });
}

export function notAccepted({ host, user }: Hop, cause: unknown): Failure {
  return new Failure({
    code: 'ssh.auth-failed',
    problem: `SSH login to ${host} failed`,
    because: `it does not accept our key for ${user}`,
    effect: 'none',
    next: `Put the public key of signalbox into ~${user}/.ssh/authorized_keys on ${host}.`,
    cause,
  });
}
