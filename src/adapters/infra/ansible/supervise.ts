import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { notInstalled } from './ansible-version.ts';
import { linesOf } from './lines-of.ts';
import { endRunProcesses, RUN_VARIABLE } from './run-processes.ts';

export interface SupervisedRun {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The folder of this run, which marks its processes. */
  readonly folder: string;
  readonly limitMs: number;
  /** What the program writes to file descriptor 3, by lines. */
  readonly onEvent: (line: string) => void;
  /** What it writes to stdout and stderr. */
  readonly onNoise: (line: string) => void;
}

export type RunExit =
  | { readonly kind: 'ended'; readonly code: number; readonly signal: null }
  | { readonly kind: 'ended'; readonly code: null; readonly signal: NodeJS.Signals }
  | { readonly kind: 'stopped'; readonly because: string };

/** What Ansible needs to clean up, and what a well-behaved program needs to end, before the next signal. */
const LADDER = [
  ['SIGINT', 4_000],
  ['SIGTERM', 2_000],
  ['SIGKILL', 2_000],
] as const;
const HEARTBEAT_MS = 2_000;
/** Shorter than a worker's lease, so that a frozen worker's run is over when the next worker starts its own. */
const LIFELINE_SECONDS = 10;
const LONGEST_EVENT = 1024 * 1024;
const LONGEST_NOISE = 8_192;
const DRAIN_MS = 2_000;

/**
 * Runs a program in a process group of its own until it ends, is told to stop or takes too long. When this settles,
 * nothing that it started on this machine is running any more.
 */
export async function supervise(run: SupervisedRun, signal: AbortSignal): Promise<RunExit> {
  if (signal.aborted) return { kind: 'stopped', because: 'it was told to stop' };
  const child = await started(run);
  const channel = child.stdio[3] as Duplex;
  const over = exitOf(child);
  const drained = drain(child, channel, run);
  const heartbeat = setInterval(() => channel.write('\n'), HEARTBEAT_MS);
  try {
    const stopped = await stopOf(over, run.limitMs, signal);
    if (stopped !== undefined) await descend(child, over);
    await endRunProcesses(run.folder);
    await Promise.race([drained, pause(DRAIN_MS)]);
    return stopped ?? (await over);
  } finally {
    clearInterval(heartbeat);
    channel.destroy();
  }
}

async function started({ argv, cwd, env, folder }: SupervisedRun): Promise<ChildProcess> {
  const [program = '', ...words] = argv;
  const child = spawn(program, words, {
    cwd,
    env: { ...env, [RUN_VARIABLE]: folder, SIGNALBOX_LIFELINE_SECONDS: String(LIFELINE_SECONDS) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  try {
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw notInstalled(program, cause);
  }
}

function exitOf(child: ChildProcess): Promise<RunExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ kind: 'ended', code, signal } as RunExit));
  });
}

async function drain(
  { stdout, stderr }: ChildProcess,
  channel: Duplex,
  { onEvent, onNoise }: SupervisedRun,
): Promise<void> {
  await Promise.all([
    linesOf(channel, LONGEST_EVENT, onEvent),
    ...[stdout, stderr].map((stream) => stream && linesOf(stream, LONGEST_NOISE, onNoise)),
  ]);
}

/** Undefined when it ended by itself first. */
function stopOf(
  over: Promise<RunExit>,
  limitMs: number,
  signal: AbortSignal,
): Promise<RunExit | undefined> {
  return new Promise((resolve) => {
    const stop = (because: string) => () => settle({ kind: 'stopped', because });
    const told = stop('it was told to stop');
    const timer = setTimeout(stop(`it took longer than ${limitMs / 1000} s`), limitMs);
    signal.addEventListener('abort', told, { once: true });
    over.then(() => settle(undefined));

    function settle(exit: RunExit | undefined) {
      clearTimeout(timer);
      signal.removeEventListener('abort', told);
      resolve(exit);
    }
  });
}

async function descend(child: ChildProcess, over: Promise<RunExit>): Promise<void> {
  for (const [signal, patienceMs] of LADDER) {
    signalGroup(child, signal);
    const ended = await Promise.race([over.then(() => true), pause(patienceMs)]);
    if (ended) return;
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // The whole group is gone.
  }
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, ms, false).unref());
}
