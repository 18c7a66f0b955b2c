import type * as z from 'zod';
import { printable } from '../../../bot/grammar/printable.ts';
import { type Effect, Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { RemoteResult, RemoteShell } from '../../../jobs/ports/remote-shell.ts';

export interface CephOptions {
  /** Asked in this order, until one answers. */
  readonly on: readonly HostName[];
  /** How `ceph` is called there. */
  readonly command: readonly string[];
  readonly asRoot: boolean;
  readonly timeoutMs: number;
  readonly shell: () => RemoteShell;
}

/** For the monitors; the rest of the time is for SSH and the answer. */
const CONNECT_SECONDS = 10;
/** EACCES and EINVAL: it was understood and not done. What reaches no monitor ends with 1. */
const REFUSED = [13, 22];
const LONGEST_COMPLAINT = 160;

export interface Ceph {
  /** A Failure without effect when nobody answers, or when the answer is another one. */
  read<T>(words: readonly string[], as: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** A Failure when it is refused, or when nobody answers: then it may have been done all the same. */
  act(words: readonly string[], signal: AbortSignal): Promise<void>;
}

/** `ceph` on a host that has its configuration and a key. Any of them speaks for the whole cluster, or for none. */
export function askCeph(options: CephOptions): Ceph {
  async function ask(words: readonly string[], ifLost: Effect, signal: AbortSignal) {
    const silent: string[] = [];
    let effect: Effect = 'none';
    for (const host of options.on) {
      try {
        const result = await runCeph(host, words, options, signal);
        if (result.code === 0) return result;
        silent.push(`${host}: ${complaint(result)}`);
        if (ifLost === 'unknown' && REFUSED.includes(result.code)) throw refused(words, silent);
        effect = ifLost;
      } catch (problem) {
        signal.throwIfAborted();
        if (!(problem instanceof Failure) || problem.code === 'storage.refused') throw problem;
        silent.push(problem.message);
        if (problem.effect === 'unknown') effect = ifLost;
      }
    }
    throw noAnswer(words, silent, effect);
  }

  return {
    async read(words, as, signal) {
      const { stdout, truncated } = await ask([...words, '--format', 'json'], 'none', signal);
      return parse(words, stdout, truncated, as);
    },
    async act(words, signal) {
      await ask(words, 'unknown', signal);
    },
  };
}

function runCeph(
  host: HostName,
  words: readonly string[],
  { shell, command, asRoot, timeoutMs }: CephOptions,
  signal: AbortSignal,
): Promise<RemoteResult> {
  const argv = [...command, '--connect-timeout', `${CONNECT_SECONDS}`, ...words];
  return shell().run(host, { argv, asRoot, timeoutMs }, signal);
}

function parse<T>(words: readonly string[], text: string, truncated: boolean, as: z.ZodType<T>): T {
  if (truncated) throw unreadable(words, 'it is longer than what is kept of an answer', undefined);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(words, 'it is not JSON', cause);
  }
  const answer = as.safeParse(value);
  if (answer.success) return answer.data;
  const [issue] = answer.error.issues;
  throw unreadable(words, `${issue?.path.join('.')}: ${issue?.message}`, answer.error);
}

function complaint({ code, stderr }: RemoteResult): string {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return `code ${code}${line && `, ${printable(line, LONGEST_COMPLAINT)}`}`;
}

function noAnswer(words: readonly string[], silent: readonly string[], effect: Effect): Failure {
  return new Failure({
    code: 'storage.no-answer',
    problem: `Ceph did not answer ${words.slice(0, 3).join(' ')}`,
    because: silent.join('; '),
    effect,
    next: 'Check on one of these hosts that `ceph status` answers there.',
  });
}

function refused(words: readonly string[], silent: readonly string[]): Failure {
  return new Failure({
    code: 'storage.refused',
    problem: `Ceph refused ${words.slice(0, 3).join(' ')}`,
    because: silent.at(-1) ?? 'it does not say why',
    effect: 'none',
    next: 'Check that the key of these hosts may do that.',
  });
}

export function unreadable(words: readonly string[], because: string, cause?: unknown): Failure {
  return new Failure({
    code: 'storage.unreadable',
    problem: `what ceph ${words.join(' ')} said cannot be read`,
    because,
    effect: 'none',
    next: 'Look at it by hand: an answer that is not understood is never taken for healthy.',
    cause,
  });
}
