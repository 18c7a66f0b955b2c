import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 120_000;

/**
 * Reads a repository. Nothing of our own environment reaches git: variables such as GIT_DIR would point it elsewhere. A
 * partial clone must not fetch what it lacks, since that asks a network for something which should be at hand.
 */
export async function git(
  repository: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1' };
  const { stdout } = await run('git', ['-C', repository, ...words], {
    env,
    signal,
    timeout: LIMIT_MS,
    maxBuffer: 1024 * 1024,
  });
  return stdout.trim();
}
