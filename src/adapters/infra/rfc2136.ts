import * as z from 'zod';
import { HostName } from '../../domain/ids.ts';
import { defineDriver } from '../driver.ts';
import { changeCname } from './dns/change-cname.ts';
import { checkChanges, checkServers } from './dns/check-zone.ts';
import { lookAtAll } from './dns/look-at-all.ts';
import { readKey } from './dns/read-key.ts';
import { AddressSetting } from './dns/server-address.ts';
import { serviceNames } from './dns/service-names.ts';
import { ServersSetting, zoneAround, zoneServers } from './dns/zone-servers.ts';

const Zone = z.strictObject({
  /** Where changes go. */
  primary: AddressSetting,
  servers: ServersSetting,
  'key-file': z.string().min(1, 'expected the file of a key, as tsig-keygen writes it'),
  compare: z.enum(['zone', 'name']).default('zone'),
});

const Rfc2136Config = z.strictObject({
  zones: z
    .record(HostName, Zone)
    .refine((zones) => Object.keys(zones).length > 0, { error: 'expected at least one zone' }),
  /** For each answer. */
  'timeout-s': z.number().positive().max(60).default(3),
});

/** Names in zones that take dynamic updates: BIND, Knot, PowerDNS, Windows without GSS-TSIG. */
export default defineDriver({
  port: 'dns',
  product: 'rfc2136',
  config: Rfc2136Config,
  connect(config, { inventory, zone: place }) {
    const timeoutMs = config['timeout-s'] * 1000;
    const zones = Object.entries(config.zones).map(([zone, settings]) => ({
      ...zoneServers(zone, settings.servers, settings.primary),
      settings,
    }));
    return {
      port: {
        look: async (name, signal) =>
          lookAtAll(zoneAround(name, zones), name, { timeoutMs, signal }),
        async change(change, signal) {
          const { zone, settings } = zoneAround(change.name, zones);
          const key = await readKey(settings['key-file']);
          const { primary, compare } = settings;
          const place = { zone, primary, key, compare, now: Date.now };
          return changeCname(place, change, { timeoutMs, signal });
        },
      },
      async check(signal) {
        const names = serviceNames(inventory.current(), place, zones);
        const lines = zones.map(async ({ settings, ...zone }) => {
          const patience = { timeoutMs, signal };
          const servers = await checkServers(zone, patience);
          const key = await readKey(settings['key-file']);
          return `${servers}, ${await checkChanges(zone, { key, names: names.get(zone.zone) ?? [] }, patience)}`;
        });
        return (await Promise.all(lines)).join('; ');
      },
      close: async () => {},
    };
  },
});
