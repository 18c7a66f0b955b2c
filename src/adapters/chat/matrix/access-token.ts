import { readFile } from 'node:fs/promises';
import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { unreadable } from './matrix-failure.ts';

const TOKEN_SECRET = 'matrix-token';

/** Without a file it is a secret like any other. Throws a Failure that says what is missing. */
export async function readAccessToken(
  tokenFile: string | undefined,
  secrets: SecretSource,
  signal: AbortSignal,
): Promise<string> {
  const token =
    tokenFile === undefined
      ? await secrets.read(TOKEN_SECRET, undefined, signal)
      : await readSetting(tokenFile);
  return token.trim();
}

async function readSetting(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable('token-file', path, cause);
  }
}
