import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type PutRecord, ZONE } from '../../dns-conformance.ts';
import { freePort } from '../../free-port.ts';
import { type BindServer, bindServer } from './bind-server.ts';
import { type DnsRelay, dnsRelay } from './dns-relay.ts';
import { zoneFile } from './zone-file.ts';

export interface BindSite {
  readonly folder: string;
  /** Addresses as the driver has them. The primary is behind a relay, for what gets lost on the way. */
  readonly primary: string;
  readonly secondary: string;
  readonly relay: DnsRelay;
  readonly keyFile: string;
  /** Writes another key file and gives its path. */
  keyFileWith(name: string, algorithm: string, secret: string): string;
  /** What the primary has said so far. */
  log(): string;
  put(name: string, record: PutRecord): Promise<void>;
  freezeSecondary(): Promise<void>;
  thawSecondary(): Promise<void>;
  stopSecondary(): Promise<void>;
  stopPrimary(): Promise<void>;
  refuse(): Promise<void>;
  close(): Promise<void>;
}

export interface BindSiteOptions {
  readonly algorithm?: string;
  /** More lines of the zone file. */
  readonly records?: readonly string[];
  /** What our key may change; every alias but one when absent. */
  readonly grants?: string;
  /** More settings of the zone on the primary. */
  readonly primarySettings?: string;
}

const GRANTS = `deny bot. name forbidden.${ZONE}. ANY; grant bot. zonesub CNAME;`;
const run = promisify(execFile);

/** A primary and a secondary of `example.test`, a key that may change every name, and a person with another key. */
export async function bindSite(options: BindSiteOptions = {}): Promise<BindSite> {
  const { algorithm = 'hmac-sha256', records, primarySettings = '' } = options;
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bind-'));
  const [ours, theirs] = [randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
  const keyFileWith = (name: string, of: string, secret = '') => {
    const file = join(folder, `${randomBytes(4).toString('hex')}.key`);
    writeFileSync(file, keyText(name, of, secret), { mode: 0o600 });
    return file;
  };
  const keyFile = keyFileWith('bot.', algorithm, ours);
  const personFile = keyFileWith('person.', 'hmac-sha256', theirs);
  const keys =
    keyText('bot.', algorithm, ours ?? '') + keyText('person.', 'hmac-sha256', theirs ?? '');
  const [port, otherPort] = [await freePort(), await freePort()];

  const places = { primary: join(folder, 'primary'), secondary: join(folder, 'secondary') };
  const primaryZones = (grants: string) => `${keys}
zone "${ZONE}" { type primary; file "zone.db"; also-notify { 127.0.0.1 port ${otherPort}; }; notify explicit;
  update-policy { ${grants} grant person. zonesub ANY; }; ${primarySettings} };`;
  const secondaryZones = `${keys}
zone "${ZONE}" { type secondary; file "zone.db"; primaries { 127.0.0.1 port ${port}; };
  allow-update-forwarding { any; }; };`;
  const granted = primaryZones(options.grants ?? GRANTS);

  mkdirSync(places.primary);
  writeFileSync(join(places.primary, 'zone.db'), zoneFile(records));
  const first = await bindServer({ folder: places.primary, port, zones: granted });
  const second = await bindServer({
    folder: places.secondary,
    port: otherPort,
    zones: secondaryZones,
    until: 'transferred serial',
  });
  const relay = await dnsRelay(port);
  const servers: readonly BindServer[] = [first, second];
  return {
    folder,
    primary: `127.0.0.1:${relay.port}`,
    secondary: `127.0.0.1:${otherPort}`,
    relay,
    keyFile,
    keyFileWith,
    log: () => first.log(),
    async put(name, { type, value, ttlS }) {
      const target = type === 'CNAME' ? `${value}.` : value;
      const lines = [
        `server 127.0.0.1 ${port}`,
        `zone ${ZONE}.`,
        `update delete ${name}.`,
        `update add ${name}. ${ttlS} IN ${type} ${target}`,
        'send',
        '',
      ];
      const file = join(folder, 'update.txt');
      writeFileSync(file, lines.join('\n'));
      await run('nsupdate', ['-k', personFile, file]);
    },
    freezeSecondary: () => first.configure(`${granted.slice(0, -2)} allow-transfer { none; }; };`),
    thawSecondary: () => first.configure(granted),
    stopSecondary: () => second.stop(),
    stopPrimary: async () => {
      await first.stop();
      await relay.close();
    },
    refuse: () => first.configure(primaryZones('')),
    async close() {
      await Promise.all(servers.map((server) => server.stop()));
      await relay.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function keyText(name: string, algorithm: string, secret: string): string {
  return `key "${name}" { algorithm ${algorithm}; secret "${secret}"; };\n`;
}
