import * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import type { HostName } from '../../domain/ids.ts';
import type { BootWitness, InstalledMark } from '../../jobs/ports/boot-witness.ts';
import type { RemoteResult, RemoteShell } from '../../jobs/ports/remote-shell.ts';
import { defineDriver } from '../driver.ts';

const NO_ANSWER = ['ssh.unreachable', 'ssh.lost', 'ssh.timeout'];
/** Shells and `timeout` report a command that was ended by SIGHUP, SIGKILL or SIGTERM with these. */
const CUT_OFF_BY_SHUTDOWN = [129, 137, 143];
const READ_TIMEOUT_MS = 20_000;

const Mark = z.object({ image: z.string(), nonce: z.string() });

const SshWitnessConfig = z.strictObject({
  /** Left by the installer: `{"image": "name@version", "nonce": "…"}`. */
  mark: z.string().startsWith('/').default('/etc/signalbox/installed.json'),
  restart: z.array(z.string()).min(1).default(['systemctl', 'reboot']),
});

export default defineDriver({
  port: 'witness',
  product: 'ssh',
  config: SshWitnessConfig,
  connect: (config, { shell }) => ({
    port: sshBootWitness(config, shell),
    check: async () => `by SSH, mark ${config.mark}`,
    close: async () => {},
  }),
});

function sshBootWitness(
  { mark, restart }: z.infer<typeof SshWitnessConfig>,
  shell: () => RemoteShell,
): BootWitness {
  function read(host: HostName, argv: readonly string[], signal: AbortSignal) {
    const command = { argv, asRoot: true, timeoutMs: READ_TIMEOUT_MS };
    return unlessSilent(shell().run(host, command, signal));
  }

  return {
    async bootId(host, signal) {
      const result = await read(host, ['cat', '/proc/sys/kernel/random/boot_id'], signal);
      if (result === undefined) return undefined;
      if (result.code === 0) return result.stdout.trim();
      throw unreadable(host, 'its boot id', why(result));
    },
    async installed(host, signal) {
      const result = await read(host, ['cat', '--', mark], signal);
      if (result === undefined) return undefined;
      if (result.code === 0) return parseMark(host, mark, result.stdout);
      // `cat` says in the host's language why it failed, so the host is asked whether the file is there at all.
      const there = await read(host, ['test', '-e', mark], signal);
      if (there?.code === 0) throw unreadable(host, mark, why(result));
      return there && null;
    },
    async restart(host, signal) {
      const result = await acceptLoss(shell().run(host, { argv: restart, asRoot: true }, signal));
      await shell().forget(host);
      if (result === undefined || result.code === 0) return;
      if (CUT_OFF_BY_SHUTDOWN.includes(result.code)) return;
      throw new Failure({
        code: 'witness.restart-refused',
        problem: `${host} was not restarted`,
        because: `${restart.join(' ')}: ${why(result)}`,
        effect: 'unknown',
        next: `Look at the console of ${host} before any retry.`,
      });
    },
  };
}

/** Undefined when the host does not answer. A refused host key or login is an answer, and is thrown. */
async function unlessSilent(running: Promise<RemoteResult>): Promise<RemoteResult | undefined> {
  return running.catch((error: unknown) => {
    if (error instanceof Failure && NO_ANSWER.includes(error.code)) return undefined;
    throw error;
  });
}

/** A host that restarts cuts its connections: undefined. */
async function acceptLoss(running: Promise<RemoteResult>): Promise<RemoteResult | undefined> {
  return running.catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'ssh.lost') return undefined;
    throw error;
  });
}

function parseMark(host: HostName, mark: string, text: string): InstalledMark {
  try {
    return Mark.parse(JSON.parse(text));
  } catch (cause) {
    throw unreadable(host, mark, 'it is not {"image": "name@version", "nonce": "…"}', cause);
  }
}

function why({ code, stderr }: RemoteResult): string {
  return `code ${code}${stderr.trim() && `, ${stderr.trim()}`}`;
}

function unreadable(host: HostName, what: string, because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'witness.unreadable',
    problem: `${host} answers and ${what} cannot be read`,
    because,
    effect: 'none',
    next: `Log in to ${host} and look at it.`,
    cause,
  });
}
