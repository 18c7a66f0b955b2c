import { Failure, rootMessage } from '../../../domain/failure.ts';

export function noClient(cause: unknown): never {
  throw new Failure({
    code: 'ssh.no-client',
    problem: 'ssh could not be started',
    because: rootMessage(cause),
    effect: 'none',
    next: 'Nothing was run. Install the OpenSSH client where signalbox runs, or use node-ssh as shell.',
    cause,
  });
}
