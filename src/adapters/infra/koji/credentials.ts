import { readFileOr } from '../../read-named-file.ts';
import type { KerberosLogin } from './kerberos-login.ts';
import type { TlsFiles } from './xml-rpc.ts';

/** How the bot shows the hub who it is. */
export type KojiLogin =
  | {
      readonly kind: 'certificate';
      readonly certificateFile: string;
      readonly keyFile: string;
    }
  | { readonly kind: 'gssapi'; readonly from: KerberosLogin }
  /** For tests and laboratories; a hub of a real farm has no passwords. */
  | { readonly kind: 'password'; readonly user: string; readonly passwordFile: string | undefined };

const PASSWORD_VARIABLE = 'SIGNALBOX_KOJI_PASSWORD';

export interface Credentials {
  readonly tls: TlsFiles;
  readonly password: string | undefined;
}

/** Read anew for each login, so that a renewed certificate needs no restart. Says which file cannot be read. */
export async function readCredentials(
  login: KojiLogin,
  caFile: string | undefined,
): Promise<Credentials> {
  const ca = caFile === undefined ? {} : { ca: await readSetting('ca-file', caFile) };
  if (login.kind === 'password') return { tls: ca, password: await readPassword(login) };
  if (login.kind === 'gssapi') {
    if (login.from.kind === 'keytab') await readSetting('keytab-file', login.from.keytabFile);
    return { tls: ca, password: undefined };
  }
  const cert = await readSetting('certificate-file', login.certificateFile);
  const key = await readSetting('key-file', login.keyFile);
  return { tls: { ...ca, cert, key }, password: undefined };
}

async function readPassword({ passwordFile }: KojiLogin & { kind: 'password' }): Promise<string> {
  if (passwordFile !== undefined) return (await readSetting('password-file', passwordFile)).trim();
  const password = process.env[PASSWORD_VARIABLE];
  if (password) return password;
  throw new Error(`set password-file, or ${PASSWORD_VARIABLE} in the environment`);
}

function readSetting(setting: string, path: string): Promise<string> {
  return readFileOr(
    path,
    (because, cause) => new Error(`${setting} ${path} cannot be read (${because})`, { cause }),
  );
}
