import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Failure } from '../../../domain/failure.ts';

const MOST_STDERR = 8_192;
/** What outlives its process group may keep stderr open. */
const LAST_WORDS_MS = 1_000;

/**
 * Runs a program without a shell until it ends, in a process group of its own that is killed with it. Its words, the PATH and
 * nothing else of ours reach it. A Failure when it cannot be started, takes too long, or ends with another code than 0.
 */
export async function runHook(
  words: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const child = await started(words);
  const heard = listen(child);
  const late = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, late]);
  const kill = () => killGroup(child);
  stop.addEventListener('abort', kill, { once: true });
  if (stop.aborted) kill();
  try {
    const [code] = await once(child, 'exit');
    killGroup(child);
    const complaint = await heard();
    signal.throwIfAborted();
    if (late.aborted) throw tooLate(words, timeoutMs);
    if (code !== 0) throw failed(words, code ?? child.signalCode, complaint);
  } finally {
    stop.removeEventListener('abort', kill);
  }
}

async function started([program = '', ...words]: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, words, {
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw notStarted(program, cause);
  }
}

/** Gives the first line of stderr, once that is over. */
function listen({ stderr }: ChildProcess): () => Promise<string> {
  if (stderr === null) return async () => '';
  let text = '';
  stderr.setEncoding('utf8');
  stderr.on('data', (piece: string) => {
    if (text.length < MOST_STDERR) text += piece;
  });
  const closed = once(stderr, 'close');
  return async () => {
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, LAST_WORDS_MS))]);
    stderr.destroy();
    const line = text.split('\n').find((one) => one.trim() !== '') ?? '';
    return line.trim().slice(0, 200);
  };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group is gone.
  }
}

export function notStarted(program: string, cause: unknown): Failure {
  return new Failure({
    code: 'downtime.command-missing',
    problem: `${program} cannot be run`,
    because: (cause as NodeJS.ErrnoException).code ?? String(cause),
    effect: 'none',
    next: 'Put it where the worker runs, and let the worker execute it.',
    cause,
  });
}

function tooLate([program]: readonly string[], timeoutMs: number): Failure {
  return new Failure({
    code: 'downtime.command-too-slow',
    problem: `${program} was killed`,
    because: `it took longer than ${timeoutMs / 1000} s`,
    effect: 'unknown',
    next: 'Look at what keeps it. It is run again while the operation lives.',
  });
}

function failed([program]: readonly string[], end: unknown, complaint: string): Failure {
  return new Failure({
    code: 'downtime.command-failed',
    problem: `${program} ended with ${end}`,
    because: complaint || 'it said nothing on stderr',
    effect: 'unknown',
    next: 'Mend that. It is run again while the operation lives.',
  });
}
