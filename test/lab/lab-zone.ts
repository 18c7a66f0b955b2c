import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTsigKey } from '../../src/adapters/infra/dns/tsig-key.ts';
import rfc2136 from '../../src/adapters/infra/rfc2136.ts';
import { type ZoneWorld, zoneWorld } from '../../src/adapters/simulated/dns/zone-world.ts';
import { startNameServers } from '../../src/lab/dns/lab-name-servers.ts';
import { connectDns } from '../connect-dns.ts';
import { AT_FIRST, ZONE } from '../dns-conformance.ts';

/** The lab's name servers and the driver that a site has, over them. */
export async function labZone(now: () => number = Date.now) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-lab-dns-'));
  const text = `key "bot" { algorithm hmac-sha256; secret "${randomBytes(32).toString('base64')}"; };\n`;
  const keyFile = join(folder, 'bot.key');
  writeFileSync(keyFile, text);
  const world: ZoneWorld = zoneWorld({
    zone: ZONE,
    servers: [{ name: 'ns1.example.test' }, { name: 'ns2.example.test', lagMs: 200 }],
    records: AT_FIRST.map(({ name, record }) => ({ name, ...record })),
    now: Date.now,
  });
  const servers = await startNameServers(world, { key: parseTsigKey(text), now });
  const addresses = Object.fromEntries(servers.addresses);
  const primary = servers.addresses.get('ns1.example.test') as string;
  const zone = { primary, servers: addresses, 'key-file': keyFile };
  return {
    world,
    keyFile,
    primary,
    ...connectDns(rfc2136, { zones: { [ZONE]: zone }, 'timeout-s': 2 }),
    async close() {
      await servers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
