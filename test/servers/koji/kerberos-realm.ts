import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../free-port.ts';
import { type ServerProcess, serverProcess } from './server-process.ts';

export interface KerberosRealm {
  readonly name: string;
  /** For KRB5_CONFIG. */
  readonly configFile: string;
  /** Makes principals with keys that nobody knows. */
  addPrincipals(...names: readonly string[]): void;
  removePrincipal(name: string): void;
  /** Puts their keys into a file, new ones each time; the file of before is then of no use. */
  keytab(file: string, ...names: readonly string[]): string;
  /** As `kinit` with the keytab's key; `life` as in kinit(1). The name of a credential cache. */
  ticket(file: string, keytab: string, name: string, life: string): string;
  /** Whether the cache holds a ticket that is good now. */
  isFresh(ccache: string): boolean;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

const REALM = 'LAB.TEST';

/** A real MIT KDC on loopback, with its own port, database and configuration. */
export async function kerberosRealm(folder: string): Promise<KerberosRealm> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const path = (file: string) => join(folder, file);
  writeFileSync(path('krb5.conf'), clientConfig(port));
  writeFileSync(path('kdc.conf'), kdcConfig(port, path));
  const env = { KRB5_CONFIG: path('krb5.conf'), KRB5_KDC_PROFILE: path('kdc.conf') };
  const run = (program: string, words: readonly string[], more = {}) =>
    execFileSync(program, words, { env: { ...process.env, ...env, ...more }, stdio: 'pipe' });
  run('kdb5_util', ['create', '-s', '-P', 'of this test only', '-r', REALM]);

  const start = () => serverProcess({ argv: ['krb5kdc', '-n'], env, port });
  let kdc: ServerProcess | undefined = await start();
  const goDown = async () => {
    await kdc?.stop();
    kdc = undefined;
  };
  return {
    name: REALM,
    configFile: path('krb5.conf'),
    addPrincipals(...names) {
      for (const name of names) run('kadmin.local', ['-q', `addprinc -randkey ${name}`]);
    },
    removePrincipal: (name) => void run('kadmin.local', ['-q', `delprinc -force ${name}`]),
    keytab(file, ...names) {
      run('kadmin.local', ['-q', `ktadd -k ${path(file)} ${names.join(' ')}`]);
      // The web server's own is read by another user than root.
      chmodSync(path(file), 0o644);
      return path(file);
    },
    ticket(file, keytab, name, life) {
      const KRB5CCNAME = `FILE:${path(file)}`;
      run('kinit', ['-k', '-t', keytab, '-l', life, name], { KRB5CCNAME });
      return KRB5CCNAME;
    },
    isFresh: (ccache) => {
      const service = ['-c', ccache, 'HTTP/localhost'];
      return spawnSync('kvno', service, { env: { ...process.env, ...env } }).status === 0;
    },
    goDown,
    async comeBack() {
      kdc ??= await start();
    },
    close: goDown,
  };
}

/** Nothing is looked up in the DNS, and TCP first, so that a KDC that is down is known at once. */
function clientConfig(port: number): string {
  return `[libdefaults]
  default_realm = ${REALM}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  ${REALM} = {
    kdc = 127.0.0.1:${port}
  }
[domain_realm]
  localhost = ${REALM}
`;
}

function kdcConfig(port: number, path: (file: string) => string): string {
  return `[kdcdefaults]
  kdc_listen = 127.0.0.1:${port}
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${REALM} = {
    database_name = ${path('principal')}
    key_stash_file = ${path('stash')}
    acl_file = ${path('acl')}
  }
[logging]
  kdc = FILE:${path('kdc.log')}
`;
}
