import type { SecretSource } from '../../../jobs/ports/secret-source.ts';
import { readSetting } from '../common/read-setting.ts';
import type { TlsSettings } from './tls-transport.ts';

/** How the bot shows services who it is. */
export type Login =
  | {
      readonly kind: 'password';
      readonly account: string;
      /** Without one it is a secret like any other. */
      readonly passwordFile: string | undefined;
    }
  | { readonly kind: 'certificate'; readonly certificateFile: string; readonly keyFile: string };

/** The name of the secret that a login by password takes. */
const PASSWORD_SECRET = 'irc-password';
const UNREADABLE = 'irc.file-unreadable';

export interface Credentials {
  readonly mechanism: 'PLAIN' | 'EXTERNAL';
  readonly account: { readonly account?: string; readonly password?: string };
  readonly tls: Pick<TlsSettings, 'ca' | 'cert' | 'key'>;
}

/** Read anew for each connection, so that what was renewed needs no restart. Throws a Failure that says what is missing. */
export async function readCredentials(
  login: Login,
  caFile: string | undefined,
  secrets: SecretSource,
  signal: AbortSignal,
): Promise<Credentials> {
  const ca = caFile === undefined ? {} : { ca: await readSetting('ca-file', caFile, UNREADABLE) };
  if (login.kind === 'password') {
    const { passwordFile } = login;
    const password =
      passwordFile === undefined
        ? await secrets.read(PASSWORD_SECRET, undefined, signal)
        : await readSetting('password-file', passwordFile, UNREADABLE);
    const account = { account: login.account, password: password.replace(/\r?\n$/, '') };
    return { mechanism: 'PLAIN', account, tls: ca };
  }
  const cert = await readSetting('certificate-file', login.certificateFile, UNREADABLE);
  const key = await readSetting('key-file', login.keyFile, UNREADABLE);
  return { mechanism: 'EXTERNAL', account: {}, tls: { ...ca, cert, key } };
}
