import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { readSetting } from '../common/read-setting.ts';

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
      : await readSetting('token-file', tokenFile, 'matrix.file-unreadable');
  return token.trim();
}
