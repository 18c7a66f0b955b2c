import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { encode } from 'dns-packet';
import { type PutRecord, ZONE } from '../../dns-conformance.ts';
import { freePort } from '../../free-port.ts';
import { eventually, PATIENCE_MS } from '../program/eventually.ts';
import { killed } from '../program/killed.ts';
import { withUs } from '../program/with-us.ts';
import { bindServer } from './bind-server.ts';
import { type DnsRelay, dnsRelay } from './dns-relay.ts';
import { zoneFile } from './zone-file.ts';

export const API_KEY = 'of-this-test-only';
const SCHEMA = '/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql';

export interface PowerdnsSite {
  /** Of the API, behind a relay. */
  readonly api: string;
  readonly relay: DnsRelay;
  readonly primary: string;
  readonly secondary: string;
  put(name: string, record: PutRecord): Promise<void>;
  freezeSecondary(): Promise<void>;
  thawSecondary(): Promise<void>;
  stopSecondary(): Promise<void>;
  stopPrimary(): Promise<void>;
  close(): Promise<void>;
}

/** A real PowerDNS with `example.test` in SQLite, and BIND as its secondary. */
export async function powerdnsSite(): Promise<PowerdnsSite> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-pdns-'));
  const [port, apiPort, otherPort, nowhere] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const database = join(folder, 'zones.db');
  const store = new DatabaseSync(database);
  store.exec(readFileSync(SCHEMA, 'utf8'));
  store.close();
  writeFileSync(join(folder, 'pdns.conf'), config({ folder, database, port, apiPort, otherPort }));
  const api = `http://127.0.0.1:${apiPort}/api/v1/servers/localhost/zones`;
  const server = await started(folder, api);
  const zone = { name: `${ZONE}.`, kind: 'Master', zone: zoneFile(), soa_edit_api: 'INCREASE' };
  await call(api, 'POST', zone);

  const follows = (from: number) =>
    `zone "${ZONE}" { type secondary; file "zone.db"; primaries { 127.0.0.1 port ${from}; }; };`;
  const second = await bindServer({
    folder: join(folder, 'secondary'),
    port: otherPort,
    zones: follows(port),
    until: 'transferred serial',
  });
  const relay = await dnsRelay(apiPort);
  return {
    api: `http://127.0.0.1:${relay.port}`,
    relay,
    primary: `127.0.0.1:${port}`,
    secondary: `127.0.0.1:${otherPort}`,
    async put(name, { type, value, ttlS }) {
      const content = type === 'CNAME' ? `${value}.` : value;
      const records = [{ content, disabled: false }];
      const set = { name: `${name}.`, type, ttl: ttlS, changetype: 'REPLACE', records };
      await call(`${api}/${ZONE}.`, 'PATCH', { rrsets: [set] });
      await notify(otherPort);
    },
    freezeSecondary: () => second.configure(follows(nowhere)),
    thawSecondary: () => second.configure(follows(port)),
    stopSecondary: () => second.stop(),
    async stopPrimary() {
      await killed(server);
      await relay.close();
    },
    async close() {
      await Promise.all([killed(server), second.stop(), relay.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function started(folder: string, api: string): Promise<ChildProcess> {
  const child = spawn(...withUs('pdns_server', `--config-dir=${folder}`), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      said += text;
    });
  }
  const headers = { 'x-api-key': API_KEY };
  const answers = () =>
    fetch(api, { headers }).then(
      ({ ok }) => ok,
      () => false,
    );
  await Promise.race([
    eventually(answers, PATIENCE_MS, () => said),
    once(child, 'error').then(([problem]) => Promise.reject(problem)),
    once(child, 'exit').then(() => Promise.reject(new Error(said))),
  ]);
  return child;
}

async function call(url: string, method: string, body: object): Promise<void> {
  const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}

/** PowerDNS takes a second until it tells its secondaries. */
async function notify(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const message = encode({ flags: 0x2400, questions: [{ name: ZONE, type: 'SOA' }] });
  await new Promise((sent) => socket.send(message, port, '127.0.0.1', sent));
  socket.close();
}

function config(place: {
  folder: string;
  database: string;
  port: number;
  apiPort: number;
  otherPort: number;
}): string {
  return [
    'launch=gsqlite3',
    `gsqlite3-database=${place.database}`,
    'local-address=127.0.0.1',
    `local-port=${place.port}`,
    'webserver=yes',
    'webserver-address=127.0.0.1',
    `webserver-port=${place.apiPort}`,
    'api=yes',
    `api-key=${API_KEY}`,
    `socket-dir=${place.folder}`,
    'daemon=no',
    'guardian=no',
    'disable-syslog=yes',
    'security-poll-suffix=',
    'primary=yes',
    'allow-axfr-ips=127.0.0.0/8',
    'only-notify=',
    `also-notify=127.0.0.1:${place.otherPort}`,
    '',
  ].join('\n');
}
