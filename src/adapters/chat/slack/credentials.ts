import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { readSetting } from '../common/read-setting.ts';

/** Where a token or secret is: in a file, otherwise it is a secret like any other. */
export interface Place {
  /** The name of the setting, without `-file`; the secret is `slack-` and that. */
  readonly name: 'bot-token' | 'app-token' | 'signing-secret';
  readonly file: string | undefined;
}

/** Throws a Failure that says what is missing. */
export async function readCredential(
  { name, file }: Place,
  secrets: SecretSource,
  signal: AbortSignal,
): Promise<string> {
  const text =
    file === undefined
      ? await secrets.read(`slack-${name}`, undefined, signal)
      : await readSetting(`${name}-file`, file, 'slack.file-unreadable');
  return text.trim();
}
