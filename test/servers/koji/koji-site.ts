import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koji from '../../../src/adapters/infra/koji.ts';
import { startKojiHub } from '../../../src/adapters/simulated/koji-hub/koji-hub.ts';
import { HostName, ZoneName } from '../../../src/domain/ids.ts';
import { labState } from '../../adapters/infra/koji/koji-lab.ts';
import { plainHost, plainInventory } from '../../plain-inventory.ts';
import { kerberosRealm } from './kerberos-realm.ts';
import { webFront } from './web-front.ts';

export const BUILDER = HostName.parse('builder-01');
const FRONT_END_SECRET = 'only-apache-knows';

export type KojiSite = Awaited<ReturnType<typeof kojiSite>>;

/** The hub's double behind a real Apache, which knows clients by a real Kerberos realm and by certificates. */
export async function kojiSite() {
  const root = mkdtempSync(join(tmpdir(), 'signalbox-koji-'));
  // The web server's workers are another user than root.
  chmodSync(root, 0o755);
  const path = (file: string) => join(root, file);
  const realm = await kerberosRealm(path('kerberos'));
  const bot = `signalbox/bot@${realm.name}`;
  realm.addPrincipals('HTTP/localhost', bot, `stranger@${realm.name}`);
  const state = labState();
  const users = [
    { name: 'bot', permissions: ['host'], principals: [bot] },
    { name: 'boss', permissions: ['admin'] },
  ];
  const listen = { host: '127.0.0.1', port: 0 };
  const hub = await startKojiHub({ state, users, ...listen, frontEnd: FRONT_END_SECRET });
  makeSelfSigned(path, 'ca', 'authority of this test');
  for (const name of ['localhost', 'bot', 'nobody']) makeCertificate(path, name);
  makeSelfSigned(path, 'self-signed', 'boss');
  const front = await webFront({
    folder: path('apache'),
    hub: hub.url,
    secret: FRONT_END_SECRET,
    certificate: path('localhost.pem'),
    key: path('localhost.key'),
    clientCa: path('ca.pem'),
    keytab: realm.keytab('http.keytab', 'HTTP/localhost'),
    kerberosConfig: realm.configFile,
  });
  process.env.KRB5_CONFIG = realm.configFile;
  process.env.TMPDIR = root;
  let closing: (() => Promise<void>)[] = [];

  function connect(config: Record<string, unknown>) {
    const absent = () => {
      throw new Error('not used by koji');
    };
    const inventory = plainInventory([plainHost(BUILDER)]);
    const connected = koji.connect(koji.config.parse({ 'ca-file': path('ca.pem'), ...config }), {
      zone: ZoneName.parse('staging'),
      inventory: { current: () => inventory },
      hostKeys: absent as never,
      secrets: { read: absent },
      shell: absent,
    });
    closing.push(() => connected.close());
    return connected;
  }

  return {
    realm,
    hub,
    front,
    state,
    bot,
    path,
    byTicket: (config: Record<string, unknown>) =>
      connect({ hub: front.byTicket.href, login: 'gssapi', ...config }),
    byCertificate: (name: string, config: Record<string, unknown> = {}) =>
      connect({
        hub: front.byCertificate.href,
        login: 'certificate',
        'certificate-file': path(`${name}.pem`),
        'key-file': path(`${name}.key`),
        ...config,
      }),
    /** What logins keep while they last. */
    loginFolders: () => readdirSync(root).filter((name) => name.startsWith('signalbox-kerberos-')),
    /** Ends what a test connected. */
    async disconnect(): Promise<void> {
      for (const close of closing) await close();
      closing = [];
    },
    async close(): Promise<void> {
      await front.close();
      await hub.close();
      await realm.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

function makeSelfSigned(path: (file: string) => string, file: string, name: string): void {
  const words = ['req', '-x509', ...KEY, '-days', '2', '-subj', `/CN=${name}`];
  openssl([...words, '-keyout', path(`${file}.key`), '-out', path(`${file}.pem`)]);
}

/** NAME.pem, NAME.key; the name is the CN, by which koji knows its users. */
function makeCertificate(path: (file: string) => string, name: string): void {
  const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)];
  const signed = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-days', '2'];
  const names = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  openssl(['req', '-x509', ...KEY, ...signed, ...names, ...leaf, ...files]);
}

function openssl(words: readonly string[]): void {
  execFileSync('openssl', words, { stdio: 'pipe' });
}
