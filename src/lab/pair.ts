import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ZoneWorld, zoneWorld } from '../adapters/simulated/dns/zone-world.ts';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { type LabNameServers, startNameServers } from './dns/lab-name-servers.ts';
import { type PairWeb, startPairWeb } from './pair-web.ts';

/** Where each node of the pair serves, as machines do: at an address of its own. */
export const PAIR_ADDRESSES = { node1: '127.0.1.1', node2: '127.0.1.2' } as const;
export const PAIR_ZONE = 'lab';
export const PAIR_NAME = 'compute.lab';
export const PAIR_TTL = 120;
const KEY_NAME = 'signalbox';

/** A service on two nodes, the servers of its zone, and the key that may change its name. */
export interface Pair {
  readonly zone: ZoneWorld;
  readonly webPort: number;
  /** By name, the one first that takes changes. */
  readonly nameServers: ReadonlyMap<string, string>;
  readonly keyFile: string;
  close(): Promise<void>;
}

export async function startPair(fleet: Fleet, folder: string): Promise<Pair> {
  const secret = randomBytes(32);
  const keyFile = join(folder, 'dns-key');
  const text = `key "${KEY_NAME}" { algorithm hmac-sha256; secret "${secret.toString('base64')}"; };\n`;
  await writeFile(keyFile, text, { mode: 0o600 });
  const zone = pairZone();
  const key = { name: KEY_NAME, algorithm: 'hmac-sha256', secret } as const;
  const servers: LabNameServers = await startNameServers(zone, { key });
  const web: PairWeb = await startPairWeb(fleet);
  return {
    zone,
    webPort: web.port,
    nameServers: servers.addresses,
    keyFile,
    async close() {
      await Promise.all([servers.close(), web.close()]);
    },
  };
}

function pairZone(): ZoneWorld {
  const addresses = Object.entries(PAIR_ADDRESSES).map(
    ([node, value]) => ({ name: `${node}.lab`, type: 'A', value, ttlS: 3_600 }) as const,
  );
  return zoneWorld({
    zone: PAIR_ZONE,
    servers: [{ name: 'ns1.lab' }, { name: 'ns2.lab', lagMs: 100 }],
    records: [{ name: PAIR_NAME, type: 'CNAME', value: 'node1.lab', ttlS: PAIR_TTL }, ...addresses],
    now: Date.now,
  });
}
