import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { InventorySource } from '../../../jobs/ports/ports.ts';
import type { RemoteCommand, RemoteResult } from '../../../jobs/ports/remote-shell.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { ExecEnd, ExecRequest } from './exec-line.ts';
import { knownHost } from './known-host.ts';
import { quoteWords } from './quote.ts';
import { withoutNoise } from './remote-line.ts';
import type { ChannelPlace } from './shared-connection.ts';

/** `timeout -k 5` on the target needs five seconds for its second signal, and the news of it some more. */
const GRACE_MS = 10_000;
/** setTimeout takes no more; the limit on the target still holds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** A pooled connection may turn out to be dead when it is used. Nothing was sent then, and another one is made. */
const ATTEMPTS = 3;
const KILLED_BY_TIMEOUT = [124, 137];

export interface RunOptions<Connection> {
  readonly pool: ConnectionPool<Connection>;
  exec(connection: Connection, request: ExecRequest): Promise<ExecEnd>;
  readonly inventory: InventorySource;
  readonly limitMs: number;
}

export type Run = (
  host: HostName,
  command: RemoteCommand,
  signal: AbortSignal,
) => Promise<RemoteResult>;

/** Runs a command and turns every way in which it did not end by itself into a Failure that knows what was left behind. */
export function runCommand<Connection>(options: RunOptions<Connection>): Run {
  const { pool, inventory, limitMs } = options;
  return async (host, command, signal) => {
    // A word that no host can be given is refused here, before a connection is taken for it.
    quoteWords(command.argv);
    const sudo = command.asRoot === true && knownHost(host, inventory.current()).ssh.sudo;
    const limitSeconds = Math.max(1, Math.ceil((command.timeoutMs ?? limitMs) / 1000));
    const request = {
      line: { argv: command.argv, sudo, limitSeconds },
      stdin: command.stdin ?? '',
      limitMs: Math.min(limitSeconds * 1000 + GRACE_MS, LONGEST_TIMER_MS),
      signal,
    };
    const subject: Subject = { host, program: command.argv[0] ?? '', limitSeconds };
    for (let unsent = 0; ; ) {
      const place = await pool.place(host, signal).catch((error: unknown) => {
        throw signal.aborted ? notSent(subject, signal.reason) : error;
      });
      const sentAt = performance.now();
      const end = await options.exec(place.connection, request);
      const crowded = end.kind === 'refused' && place.tooMany();
      if (end.kind === 'unsent') unsent += 1;
      giveBack(place, end);
      if (crowded || (end.kind === 'unsent' && unsent < ATTEMPTS)) continue;
      const result = resultOf(end, subject, signal);
      const elapsedMs = performance.now() - sentAt;
      if (KILLED_BY_TIMEOUT.includes(result.code) && elapsedMs >= limitSeconds * 1000) {
        throw timedOut(subject);
      }
      if (sudo) refuseSudo(host, result);
      return result;
    }
  };
}

interface Subject {
  readonly host: HostName;
  readonly program: string;
  readonly limitSeconds: number;
}

function giveBack(place: ChannelPlace<unknown>, end: ExecEnd): void {
  const clean = end.kind === 'refused' || (end.kind === 'ended' && !end.open);
  if (clean) place.release();
  else place.retire();
}

function resultOf(end: ExecEnd, subject: Subject, signal: AbortSignal): RemoteResult {
  const { host, program } = subject;
  const problem = `${program} on ${host} has no known end`;
  const next = `It may have run, and may still be running. Look at ${host} before any retry.`;
  switch (end.kind) {
    case 'ended':
      return { ...end.result, stdout: withoutNoise(end.result.stdout) };
    case 'timeout':
      throw timedOut(subject);
    case 'lost':
      throw new Failure({
        code: 'ssh.lost',
        problem,
        because: end.because,
        effect: 'unknown',
        next,
      });
    case 'aborted': {
      const because = 'it was told to stop';
      const cause = signal.reason;
      throw new Failure({ code: 'ssh.aborted', problem, because, effect: 'unknown', next, cause });
    }
    case 'unsent':
    case 'refused':
      throw new Failure({
        code: 'ssh.refused',
        problem: `${program} on ${host} was not started`,
        because: end.because,
        effect: 'none',
        next: `Check the SSH server of ${host} (its log says why), then run it again.`,
      });
  }
}

function timedOut({ host, program, limitSeconds }: Subject): Failure {
  return new Failure({
    code: 'ssh.timeout',
    problem: `${program} on ${host} did not finish`,
    because: `it was stopped after ${limitSeconds} s`,
    effect: 'unknown',
    next: `It may have done part of its work. Look at ${host} before any retry.`,
  });
}

function notSent({ host, program }: Subject, cause: unknown): Failure {
  return new Failure({
    code: 'ssh.aborted',
    problem: `${program} on ${host} was not started`,
    because: 'it was told to stop while connecting',
    effect: 'none',
    next: 'Nothing was run.',
    cause,
  });
}

/** sudo says so on stderr with code 1 before it starts anything (sudo(8), exit value); a command's own words do not count. */
function refuseSudo(host: HostName, { code, stdout, stderr }: RemoteResult): void {
  const refused = /^(?:sudo: .*|Sorry, user .*|.* is not in the sudoers file.*)/.exec(
    stderr.trim(),
  );
  if (code !== 1 || stdout !== '' || refused === null) return;
  throw new Failure({
    code: 'ssh.sudo-refused',
    problem: `No root on ${host}`,
    because: refused[0],
    effect: 'none',
    next: `Let the login user of ${host} run commands as root without a password, e.g. in /etc/sudoers.d/signalbox: \`signalbox ALL=(ALL:ALL) NOPASSWD: ALL\` with that user's name.`,
  });
}
