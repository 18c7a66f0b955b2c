import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, PATIENCE_MS } from './eventually.ts';

const LAUNCHER = fileURLToPath(new URL('../../../bin/signalbox.js', import.meta.url));

export interface SignalboxOptions {
  readonly cwd: string;
  /** The Node that is typed; the launcher may look for another one. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The command as somebody at a terminal runs it. */
export interface Signalbox {
  readonly child: ChildProcess;
  /** What it has written so far: stdout, and stderr. */
  out(): string;
  err(): string;
  type(line: string): void;
  /** As the terminal does at Ctrl-C: to the launcher and to what it has launched. */
  interrupt(): void;
  prints(what: RegExp, withinMs?: number): Promise<void>;
  ends(withinMs?: number): Promise<number | null>;
  /** Whatever became of it. */
  clear(): Promise<void>;
}

export function signalbox(args: readonly string[], options: SignalboxOptions): Signalbox {
  const { cwd, node = process.execPath, env = {} } = options;
  const { REDIS_URL: _, ...inherited } = process.env;
  const child = spawn(node, [LAUNCHER, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const written = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (written.out += chunk));
  child.stderr.on('data', (chunk) => (written.err += chunk));
  const closed = once(child, 'close');
  let isOver = false;
  closed.then(() => (isOver = true));
  const signal = (name: NodeJS.Signals) => void process.kill(-(child.pid ?? 0), name);
  const told = () => `${args.join(' ')}: ${written.out}${written.err}`;
  return {
    child,
    out: () => written.out,
    err: () => written.err,
    type: (line) => void child.stdin.write(`${line}\n`),
    interrupt: () => signal('SIGINT'),
    async prints(what, withinMs = PATIENCE_MS) {
      await eventually(
        () => what.test(written.out + written.err),
        withinMs,
        () => `${what} in ${told()}`,
      );
    },
    async ends(withinMs = PATIENCE_MS) {
      await eventually(
        () => isOver,
        withinMs,
        () => `the end of ${told()}`,
      );
      return child.exitCode;
    },
    async clear() {
      if (isOver) return;
      signal('SIGKILL');
      await closed;
    },
  };
}

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs it to its end. */
export async function run(args: readonly string[], options: SignalboxOptions): Promise<Ran> {
  const running = signalbox(args, options);
  try {
    const code = await running.ends();
    return { code, out: running.out(), err: running.err() };
  } finally {
    await running.clear();
  }
}

/** The Node that runs these tests, and an older one where this machine has it. */
export function nodes(): readonly (readonly [version: string, path: string])[] {
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const older = found.map((path) => [versionOf(path), path] as const);
  const twenty = older.find(([version]) => version?.startsWith('v20'));
  const newest = [process.version, process.execPath] as const;
  return twenty?.[0] === undefined ? [newest] : [newest, ['v20', twenty[1]]];
}

function versionOf(path: string): string | undefined {
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}
