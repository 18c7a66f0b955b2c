import * as z from 'zod';
import type { HostName } from '../../domain/ids.ts';
import type { Inventory } from '../../domain/inventory.ts';
import { defineDriver } from '../driver.ts';
import { redfishMachines } from './redfish/redfish-machines.ts';

const URL_WANTED = 'expected https and {bmc}, such as https://{bmc}';

const RedfishConfig = z.strictObject({
  /** `{bmc}` is what the inventory says of the host. */
  url: z.string().refine(isTemplate, URL_WANTED).default('https://{bmc}'),
  /** Where a controller has several: which of them, with `{host}` for the host's name. */
  system: z
    .string()
    .regex(/^[A-Za-z0-9_.{}-]+$/, 'expected the id of a system such as 1 or {host}')
    .optional(),
  login: z.strictObject({
    user: z.string().min(1),
    'password-from': z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected the name of a secret such as bmc'),
  }),
  'ca-file': z.string().min(1).optional(),
  /** By host, of controllers that sign their certificates themselves. */
  fingerprints: z
    .record(
      z.string(),
      z
        .string()
        .transform((text) => text.replaceAll(':', '').toLowerCase())
        .pipe(z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 fingerprint in hex')),
    )
    .default({}),
  'timeout-s': z.int().min(1).max(120).default(20),
});

/** Power of metal hosts through their management controllers, over Redfish. */
export default defineDriver({
  port: 'power',
  product: 'redfish',
  config: RedfishConfig,
  connect: (config, { zone, inventory, secrets }) => {
    const { user, 'password-from': password } = config.login;
    const power = redfishMachines({
      url: config.url,
      system: config.system,
      fingerprints: config.fingerprints,
      login: { user, password },
      caFile: config['ca-file'],
      timeoutMs: config['timeout-s'] * 1000,
      inventory,
      secrets,
    });
    return {
      port: power,
      async check(signal) {
        const hosts = hostsWithBmc(inventory.current(), zone);
        const states = await Promise.all(hosts.map((host) => power.state(host, signal)));
        const on = states.filter((state) => state === 'on').length;
        return `${hosts.length} controllers answer, ${on} hosts are on`;
      },
      close: async () => {},
    };
  },
});

function isTemplate(text: string): boolean {
  const filled = URL.parse(text.replaceAll('{bmc}', 'bmc.example.org'));
  return text.includes('{bmc}') && filled?.protocol === 'https:';
}

function hostsWithBmc({ hosts }: Inventory, zone: string): readonly HostName[] {
  const inZone = [...hosts.values()].filter((host) => host.zone === zone);
  return inZone.filter(({ bmc }) => bmc !== undefined).map(({ name }) => name);
}
