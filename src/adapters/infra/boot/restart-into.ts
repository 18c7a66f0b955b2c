import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { RemoteResult, RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { bootRefused } from './boot-failure.ts';

/** Shells and `timeout` report a command that was ended by SIGHUP, SIGKILL or SIGTERM with these. */
const CUT_OFF_BY_SHUTDOWN = [129, 137, 143];

/** Restarts a host. A connection that is lost once the command was sent is what a restart looks like, so it is success. */
export async function restartInto(
  shell: RemoteShell,
  host: HostName,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const result = await unlessLost(
    shell.run(host, { argv, asRoot: true, timeoutMs: 30_000 }, signal),
  );
  await shell.forget(host);
  if (result === undefined || result.code === 0) return;
  if (CUT_OFF_BY_SHUTDOWN.includes(result.code)) return;
  throw new Failure({
    code: 'installer.restart-refused',
    problem: `${host} was not restarted into its installer`,
    because: `${argv.join(' ')}: ${result.stderr.trim() || `exit code ${result.code}`}`,
    effect: 'unknown',
    next: `Look at the console of ${host} before any retry: it is armed.`,
  });
}

async function unlessLost(running: Promise<RemoteResult>): Promise<RemoteResult | undefined> {
  return running.catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'ssh.lost') return undefined;
    throw error;
  });
}

export function notArmed(host: HostName): Failure {
  return bootRefused(host, {
    code: 'installer.not-armed',
    because: 'no installer is armed',
    next: 'Nothing was restarted. Arm it first.',
  });
}
