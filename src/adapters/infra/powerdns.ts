import * as z from 'zod';
import { HostName } from '../../domain/ids.ts';
import { defineDriver } from '../driver.ts';
import { isGuarded } from '../guarded-url.ts';
import { readNamedFile } from '../read-named-file.ts';
import { checkServers } from './dns/check-zone.ts';
import { refused } from './dns/dns-failure.ts';
import { lookAtAll } from './dns/look-at-all.ts';
import { AddressSetting } from './dns/server-address.ts';
import { serviceNames } from './dns/service-names.ts';
import { ServersSetting, type ZoneServers, zoneAround, zoneServers } from './dns/zone-servers.ts';
import { changeByApi } from './powerdns/change-by-api.ts';
import { oneAtATime } from './powerdns/one-at-a-time.ts';
import { type ZoneApi, zoneApi } from './powerdns/zone-api.ts';

const PowerdnsConfig = z.strictObject({
  api: z
    .url('expected the address of the API such as https://dns.example.org:8081')
    .transform((text) => new URL(text))
    .refine(isGuarded, {
      error:
        'expected https: plain http is only for a server on this machine (localhost, 127.0.0.1, [::1])',
    }),
  'key-from': z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as powerdns'),
  'server-id': z.string().min(1).default('localhost'),
  'ca-file': z.string().min(1).optional(),
  zones: z
    .record(HostName, z.strictObject({ primary: AddressSetting, servers: ServersSetting }))
    .refine((zones) => Object.keys(zones).length > 0, { error: 'expected at least one zone' }),
  /** For each answer. */
  'timeout-s': z.number().positive().max(60).default(3),
});

/** Names in zones of PowerDNS by its HTTP API. Where `dnsupdate` is on, rfc2136 protects better. */
export default defineDriver({
  port: 'dns',
  product: 'powerdns',
  config: PowerdnsConfig,
  connect(config, { inventory, secrets, zone: place }) {
    const timeoutMs = config['timeout-s'] * 1000;
    const zones = Object.entries(config.zones).map(([zone, { servers, primary }]) =>
      zoneServers(zone, servers, primary),
    );
    const inOrder = oneAtATime();
    /** With its secrets read anew, so that what is renewed needs no restart. */
    const connected = async (signal: AbortSignal): Promise<ZoneApi> => {
      const key = (await secrets.read(config['key-from'], undefined, signal)).trim();
      const ca = config['ca-file'] && (await readAuthority(config['ca-file']));
      return zoneApi({ base: config.api, serverId: config['server-id'], ca, key });
    };
    return {
      port: {
        look: async (name, signal) =>
          lookAtAll(zoneAround(name, zones), name, { timeoutMs, signal }),
        change: async (change, signal) => {
          const zone = zoneAround(change.name, zones);
          const api = await connected(signal);
          const patience = { timeoutMs, signal };
          return inOrder(change.name, () => changeByApi(api, zone, change, patience));
        },
      },
      async check(signal) {
        serviceNames(inventory.current(), place, zones);
        const api = await connected(signal);
        const patience = { timeoutMs, signal };
        const lines = zones.map((zone) => checkZone(api, zone, patience, config.api.host));
        return (await Promise.all(lines)).join('; ');
      },
      close: async () => {},
    };
  },
});

/** The key of the API may do everything, so that whoever may read a zone may change it. */
async function checkZone(
  api: ZoneApi,
  zone: ZoneServers,
  patience: { readonly timeoutMs: number; readonly signal: AbortSignal },
  server: string,
): Promise<string> {
  const { kind, soa_edit_api: serials } = await api.zone(zone.zone, patience);
  if (kind === 'Slave' || kind === 'Secondary') {
    const what = `changes of ${zone.zone}`;
    throw refused({ what, server }, 'it is a secondary of that zone');
  }
  const servers = await checkServers(zone, patience);
  const still = serials ? '' : ', and leaves its serial as it is: set soa_edit_api';
  return `${servers}, ${server} takes changes${still}`;
}

function readAuthority(path: string): Promise<string> {
  return readNamedFile(path, {
    code: 'dns.no-authority',
    problem: `ca-file ${path} of the dns driver cannot be read`,
    next: 'Correct ca-file of the dns driver, or let the worker read it.',
  });
}
