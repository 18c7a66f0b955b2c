import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { lastingPort } from '../program/lasting-port.ts';
import { withUs } from '../program/with-us.ts';
import type { Authority } from './authority.ts';

const ADMIN_PASSWORD = 'secret of the admin';

/** A real slapd on loopback with TLS, the memberof overlay and password policies. Its admin is `cn=admin,<suffix>`. */
export interface Slapd {
  readonly suffix: string;
  /** With TLS from the start. */
  readonly url: string;
  /** For StartTLS. */
  readonly plainUrl: string;
  /** Adds entries; as the server sees them come, so the overlay keeps `memberOf`. */
  load(ldif: string): Promise<void>;
  /** Changes entries: LDIF with `changetype`. */
  modify(ldif: string): Promise<void>;
  /** As `kill -9` does. */
  kill(): Promise<void>;
  /** Again, at the same ports and with the same data. */
  start(): Promise<void>;
  /** It keeps its connections and takes new ones, but says nothing any more. */
  freeze(): void;
  thaw(): void;
  close(): Promise<void>;
}

export interface SlapdOptions {
  readonly authority: Authority;
  readonly suffix: string;
  /** Whom its certificate names; loopback when absent. */
  readonly names?: readonly string[];
}

export async function startSlapd({
  authority,
  suffix,
  names = ['DNS:localhost', 'IP:127.0.0.1'],
}: SlapdOptions): Promise<Slapd> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-slapd-'));
  const [port, plainPort] = [await lastingPort(), await lastingPort()];
  const { certificate, key } = await authority.issue('slapd', names);
  const socket = `ldapi://${encodeURIComponent(join(folder, 'socket'))}`;
  const url = `ldaps://127.0.0.1:${port}`;
  const plainUrl = `ldap://127.0.0.1:${plainPort}`;
  const config = join(folder, 'slapd.conf');
  await mkdir(join(folder, 'db'));
  await writeFile(config, configuration({ folder, suffix, authority, certificate, key }));
  let server: ChildProcess | undefined;

  async function start() {
    const listen = ['-h', `${url} ${plainUrl} ${socket}`, '-f', config, '-d', '0'];
    const started = spawn(...withUs('/usr/sbin/slapd', ...listen), {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    server = started;
    let said = '';
    started.stderr.on('data', (data) => {
      said += data;
    });
    await eventually(() => {
      if (started.exitCode !== null) throw new Error(`slapd did not start: ${said}`);
      return answers(port);
    });
  }

  const kill = () => killed(server);

  async function change(ldif: string, ...how: readonly string[]) {
    const as = ['-x', '-D', `cn=admin,${suffix}`, '-w', ADMIN_PASSWORD, '-H', socket];
    const client = spawn('ldapmodify', [...as, ...how], { stdio: ['pipe', 'ignore', 'pipe'] });
    client.stdin.end(ldif);
    const [said, [code]] = await Promise.all([text(client.stderr), once(client, 'exit')]);
    if (code !== 0) throw new Error(`ldapmodify ended with ${code}: ${said}`);
  }

  await start();
  return {
    suffix,
    url,
    plainUrl,
    start,
    kill,
    load: (ldif) => change(ldif, '-a'),
    modify: (ldif) => change(ldif),
    freeze: () => void server?.kill('SIGSTOP'),
    thaw: () => void server?.kill('SIGCONT'),
    async close() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

interface Places {
  readonly folder: string;
  readonly suffix: string;
  readonly authority: Authority;
  readonly certificate: string;
  readonly key: string;
}

/** Whoever has not logged in sees nothing, and is not told so. */
function configuration({ folder, suffix, authority, certificate, key }: Places): string {
  const schema = ['core', 'cosine', 'nis', 'inetorgperson'].map(
    (name) => `include /etc/ldap/schema/${name}.schema`,
  );
  return `${schema.join('\n')}
include ${new URL('people.schema', import.meta.url).pathname}
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload ppolicy
pidfile ${folder}/pid
TLSCACertificateFile ${authority.file}
TLSCertificateFile ${certificate}
TLSCertificateKeyFile ${key}
TLSVerifyClient try
sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited
access to * by anonymous auth by * read
database mdb
suffix "${suffix}"
rootdn "cn=admin,${suffix}"
rootpw "${ADMIN_PASSWORD}"
directory ${folder}/db
dbnosync
maxsize 268435456
index objectClass,uid,member,uniqueMember,memberUid,memberOf,ircAccount eq
overlay memberof
memberof-refint true
overlay ppolicy
`;
}
