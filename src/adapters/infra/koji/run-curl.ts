import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface CurlRun {
  readonly words: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
  /** Ends it wherever it is. */
  readonly signal: AbortSignal;
}

export interface CurlEnd {
  /** As in curl(1), "EXIT CODES"; 0 also when the server refused. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** There is no such program, or it could not be started. */
export class CurlMissing extends Error {
  override readonly name = 'CurlMissing';
}

const MAX_OUTPUT_BYTES = 1024 * 1024;

/** What it throws holds no words of curl: with `--verbose` they hold the ticket. */
export async function runCurl({ words, env, input, signal }: CurlRun): Promise<CurlEnd> {
  const limits = { maxBuffer: MAX_OUTPUT_BYTES, killSignal: 'SIGKILL' } as const;
  const running = promisify(execFile)('curl', words, { env, signal, ...limits });
  // It may end before it has read everything.
  running.child.stdin?.on('error', () => undefined).end(input);
  try {
    return { code: 0, ...(await running) };
  } catch (error) {
    return endOf(error as CurlError, signal);
  }
}

type CurlError = Error & {
  readonly code?: number | string | null;
  readonly stdout?: string;
  readonly stderr?: string;
};

function endOf({ code, stdout = '', stderr = '' }: CurlError, signal: AbortSignal): CurlEnd {
  if (typeof code === 'number') return { code, stdout, stderr };
  if (signal.aborted) throw new Error('curl was ended');
  if (code === 'ENOENT' || code === 'EACCES') throw new CurlMissing(`curl: ${code}`);
  throw new Error(`curl ended before its time (${code ?? 'killed'})`);
}
