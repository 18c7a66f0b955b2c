import { readFile } from 'node:fs/promises';
import type { SecretSource } from '../../jobs/ports/secret-source.ts';
import type { Directory } from '../../policies/directory.ts';
import { cachedDirectory } from './cached-directory.ts';
import { directoryOf } from './directory-of.ts';
import { type LdapServers, ldapServers } from './ldap/ldap-servers.ts';
import type { LdapSettings } from './ldap/ldap-settings.ts';
import type { LdapLogin } from './ldap/open-ldap.ts';
import { ldapPeople } from './ldap-people.ts';
import type { PeopleSource } from './people-source.ts';

export interface ConnectedLdap {
  readonly settings: LdapSettings;
  readonly servers: LdapServers;
}

export interface DirectoriesOptions {
  /** Undefined where there are LDAP directories alone. */
  readonly file: PeopleSource | undefined;
  readonly ldap: readonly LdapSettings[];
  /** How long an answer is good enough for talk. */
  readonly cacheMs: number;
  readonly secrets: SecretSource;
}

/** All that the configuration names as one directory. Makes no connection; nothing has to be closed. */
export function connectDirectories({ file, ldap, cacheMs, secrets }: DirectoriesOptions): {
  readonly directory: Directory;
  readonly ldap: readonly ConnectedLdap[];
} {
  const now = () => performance.now();
  const connected = ldap.map((settings) => {
    const login = () => readLogin(settings, secrets);
    return { settings, servers: ldapServers({ settings, login, now }) };
  });
  const people = connected.map((each) => ldapPeople({ ...each, now: Date.now }));
  const all = directoryOf([...(file ? [file] : []), ...people]);
  // What was read from a file is at hand anyway.
  const directory = ldap.length === 0 ? all : cachedDirectory(all, { forMs: cacheMs, now });
  return { directory, ldap: connected };
}

async function readLogin(
  { bind, caFile, timeoutMs }: LdapSettings,
  secrets: SecretSource,
): Promise<LdapLogin> {
  const ca = caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') };
  if (bind.kind === 'certificate') {
    const certificate = await readFile(bind.certificateFile, 'utf8');
    const key = await readFile(bind.keyFile, 'utf8');
    return { ...ca, as: { kind: 'certificate', certificate, key } };
  }
  const signal = AbortSignal.timeout(timeoutMs);
  const password = await secrets.read(bind.secret, undefined, signal);
  // A file of one line ends with a line end that nobody means.
  return {
    ...ca,
    as: { kind: 'password', dn: bind.dn, password: password.replace(/\r?\n$/, '') },
  };
}
