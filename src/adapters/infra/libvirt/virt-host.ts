import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Inventory } from '../../../domain/inventory.ts';
import type { RemoteResult, RemoteShell } from '../../../jobs/ports/remote-shell.ts';
import { lastWords } from './libvirt-failure.ts';

const READ_TIMEOUT_MS = 30_000;

/** The hypervisor of a guest, for commands that only read. */
export interface VirtHost {
  readonly name: HostName;
  run(argv: readonly string[], timeoutMs?: number): Promise<RemoteResult>;
  /** What it printed; any other code than 0 is a Failure without effect. */
  output(argv: readonly string[], timeoutMs?: number): Promise<string>;
  virsh(...words: readonly string[]): Promise<string>;
}

export interface VirtHostOptions {
  readonly shell: RemoteShell;
  readonly uri: string;
}

export function virtHost(
  name: HostName,
  { shell, uri }: VirtHostOptions,
  signal: AbortSignal,
): VirtHost {
  const run: VirtHost['run'] = (argv, timeoutMs = READ_TIMEOUT_MS) => {
    // What virsh prints is translated otherwise.
    const command = { argv: ['env', 'LC_ALL=C', ...argv], asRoot: true, timeoutMs };
    return shell.run(name, command, signal).catch(asReading(name));
  };
  const output: VirtHost['output'] = async (argv, timeoutMs) => {
    const result = await run(argv, timeoutMs);
    if (result.code === 0 && !result.truncated) return result.stdout;
    throw commandFailed(name, argv, result);
  };
  return { name, run, output, virsh: (...words) => output(['virsh', '-c', uri, ...words]) };
}

/** The hypervisor that the inventory names for a guest. */
export function hypervisorOf({ hosts }: Inventory, guest: HostName): HostName {
  const host = hosts.get(guest);
  if (host?.kind === 'virtual' && host.hypervisor !== undefined) return host.hypervisor;
  throw new Failure({
    code: 'hypervisor.unknown-guest',
    problem: `No hypervisor has ${guest}`,
    because: host === undefined ? 'it is not in the inventory' : `the inventory says it is metal`,
    effect: 'none',
    next: 'Nothing was changed. Name its hypervisor in the inventory.',
  });
}

/** Reading may be repeated whatever became of it. */
function asReading(host: HostName) {
  return (error: unknown): never => {
    if (!(error instanceof Failure) || error.effect === 'none') throw error;
    throw new Failure({
      code: error.code,
      problem: `${host} was not read`,
      because: error.message,
      effect: 'none',
      next: 'Nothing was changed. Ask again.',
      cause: error,
    });
  };
}

function commandFailed(host: HostName, argv: readonly string[], result: RemoteResult): Failure {
  const { code, stderr, stdout, truncated } = result;
  const said = truncated ? 'it printed too much' : (lastWords(stderr) ?? lastWords(stdout));
  return new Failure({
    code: 'hypervisor.unreachable',
    problem: `${argv[0]} gave no answer on ${host}`,
    because: said ?? `exit code ${code}`,
    effect: 'none',
    next: `Nothing was changed. Run \`${argv.join(' ')}\` on ${host}, then retry.`,
  });
}
