import { type Effect, Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { RemoteResult } from '../../../jobs/ports/remote-shell.ts';

export interface Refusal {
  readonly code: string;
  readonly because: string;
  readonly next: string;
  readonly effect?: Effect;
}

/** A host that is not, or not yet, installed by a boot entry. */
export function bootRefused(host: HostName, { code, because, next, effect }: Refusal): Failure {
  const problem = `${host} cannot be installed by a boot entry`;
  return new Failure({ code, problem, because, effect: effect ?? 'none', next });
}

/** A command of ours that ended with another code than 0. */
export function bootCommandFailed(
  host: HostName,
  argv: readonly string[],
  result: RemoteResult,
): Failure {
  const said = result.stderr.trim().split('\n').at(-1) || result.stdout.trim().split('\n').at(-1);
  return new Failure({
    code: 'installer.command-failed',
    problem: `${argv[0]} failed on ${host}`,
    because: said || `exit code ${result.code}`,
    effect: 'unknown',
    next: `Its boot entry may be half written, which is harmless until it is armed. Look at ${host}, then retry.`,
  });
}
