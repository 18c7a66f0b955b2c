import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { inventoryData } from '../adapters/simulated/fleet/inventory-data.ts';
import type { Pair } from './pair.ts';
import { PAIR_RULE, pairDrivers, pairInventory } from './pair-configuration.ts';

export interface LabPlaces {
  readonly sshPorts: ReadonlyMap<string, number>;
  readonly hub: string;
  readonly control: string;
  readonly keyFile: string;
  readonly passwordFile: string;
  readonly tokenFile: string;
  /** Absent where the lab has no service. */
  readonly pair?: Pair | undefined;
}

/** Writes the lab's configuration as a site would write its own, and returns the path of its signalbox.yaml. */
export async function writeLabConfiguration(
  folder: string,
  fleet: Fleet,
  places: LabPlaces,
): Promise<string> {
  const files = {
    'signalbox.yaml': settings(places),
    'inventory.yaml': inventory(fleet, places),
    'people.yaml': PEOPLE,
  };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), stringify(content));
  }
  return join(folder, 'signalbox.yaml');
}

const PEOPLE = {
  groups: { 'sysadmin-builders': ['ana', 'ben'], community: ['kim'] },
  people: { ana: { console: 'ana' }, ben: { console: 'ben' }, kim: { console: 'kim' } },
};

function inventory(fleet: Fleet, { sshPorts, pair }: LabPlaces) {
  const farm = inventoryData(fleet, sshPorts);
  if (pair === undefined) return farm;
  const more = pairInventory(pair, farm.hosts);
  const hosts = { ...farm.hosts, ...more.hosts };
  return { ...farm, pools: { ...farm.pools, ...more.pools }, hosts, services: more.services };
}

function settings({ hub, control, keyFile, passwordFile, tokenFile, pair }: LabPlaces) {
  const lab = { product: 'lab', control, 'token-file': tokenFile };
  const login = { login: 'password', user: 'bot', 'password-file': passwordFile };
  return {
    name: 'lab',
    inventory: 'inventory.yaml',
    directory: { file: 'people.yaml' },
    channels: [{ network: 'console', channel: '#ops', watches: ['builders'] }],
    zones: {
      staging: {
        drivers: {
          farm: { product: 'koji', hub, ...login },
          shell: { product: 'node-ssh', 'key-file': keyFile },
          witness: { product: 'ssh' },
          installer: lab,
          reports: lab,
          hypervisor: lab,
          ...(pair && pairDrivers(pair)),
        },
      },
    },
    rules: [
      ...(pair ? [PAIR_RULE] : []),
      {
        allow: ['reimage', 'lock'],
        on: { environments: ['staging'], pools: ['builders'] },
        to: ['sysadmin-builders'],
        approvals: { destructive: { count: 1, from: ['sysadmin-builders'] } },
      },
      {
        allow: ['freeze', 'thaw'],
        on: { environments: ['staging'] },
        to: ['sysadmin-builders'],
      },
    ],
  };
}
