import type { HostName } from '../../../domain/ids.ts';
import type { RemoteResult, RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { bootCommandFailed, bootRefused } from './boot-failure.ts';

const READ_TIMEOUT_MS = 30_000;
/** What `timeout` gives where there is no such program (timeout(1), exit status). */
export const NO_PROGRAM = 127;

export interface CommandMore {
  readonly stdin?: string;
  readonly timeoutMs?: number;
}

/** Root's commands on one host. */
export interface BootHost {
  readonly name: HostName;
  run(argv: readonly string[], more?: CommandMore): Promise<RemoteResult>;
  /** What it printed; any other code than 0 is a Failure. */
  output(argv: readonly string[], more?: CommandMore): Promise<string>;
  /** Undefined where there is no such file. What came without its middle is a Failure: it may be written back. */
  read(path: string): Promise<string | undefined>;
  exists(path: string): Promise<boolean>;
  hasProgram(name: string): Promise<boolean>;
  write(path: string, content: string): Promise<void>;
}

export function bootHost(shell: RemoteShell, name: HostName, signal: AbortSignal): BootHost {
  const run: BootHost['run'] = (argv, more) =>
    shell.run(name, { argv, asRoot: true, timeoutMs: READ_TIMEOUT_MS, ...more }, signal);
  const output: BootHost['output'] = async (argv, more) => {
    const result = await run(argv, more);
    if (result.code === 0) return result.stdout;
    throw bootCommandFailed(name, argv, result);
  };
  const exists = async (path: string) => (await run(['test', '-e', path])).code === 0;
  return {
    name,
    run,
    output,
    exists,
    async read(path) {
      const argv = ['cat', '--', path];
      const result = await run(argv);
      if (result.code === 0 && !result.truncated) return result.stdout;
      if (result.code === 0) throw tooLarge(name, path);
      // `cat` says in the host's language why it failed, so the host is asked whether the file is there at all.
      if (await exists(path)) throw bootCommandFailed(name, argv, result);
      return undefined;
    },
    hasProgram: async (program) => (await run([program, '--version'])).code !== NO_PROGRAM,
    async write(path, content) {
      // The token stands in it, so it is root's alone.
      await shell.putFile(name, { path, content, mode: '0600', owner: 'root:root' }, signal);
    },
  };
}

function tooLarge(host: HostName, path: string) {
  return bootRefused(host, {
    code: 'installer.file-too-large',
    because: `${path} is larger than any boot loader's file should be`,
    next: `Nothing was changed. Look at ${path} on ${host}, then retry.`,
  });
}
