import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { HOSTS, MOST_AWAY, poolOf, ZONES, zoneOf } from './hosts.ts';
import { TARGET_SCRIPT } from './target-script.ts';

/** Everything a site has in files: its configuration, and what runs on its target. */
export function writeSiteFiles(folder: string, ssh: { port: number; keyFile: string }): void {
  writeFileSync(join(folder, 'act'), TARGET_SCRIPT);
  writeFileSync(join(folder, 'signalbox.yaml'), stringify(settings(folder, ssh.keyFile)));
  writeFileSync(join(folder, 'inventory.yaml'), stringify(inventory(ssh.port)));
  writeFileSync(join(folder, 'people.yaml'), stringify(PEOPLE));
}

const PEOPLE = {
  groups: { ops: ['ana', 'ben', 'cyd'] },
  people: { ana: { console: 'ana' }, ben: { console: 'ben' }, cyd: { console: 'cyd' } },
};

function settings(folder: string, keyFile: string) {
  const shell = (zone: string) => ({
    product: 'node-ssh',
    'key-file': keyFile,
    'state-dir': join(folder, `claims-${zone}`),
    'connect-timeout-s': 5,
  });
  const zone = (name: string) => ({ drivers: { farm: { product: 'quiet' }, shell: shell(name) } });
  return {
    name: 'faults',
    inventory: 'inventory.yaml',
    directory: { file: 'people.yaml' },
    channels: [{ network: 'console', channel: '#ops', watches: '*' }],
    zones: Object.fromEntries(ZONES.map((name) => [name, zone(name)])),
    rules: [
      {
        allow: ['toy', 'lock'],
        on: { environments: ['test'] },
        to: ['ops'],
        approvals: { disruptive: { count: 1, from: ['ops'] } },
      },
    ],
  };
}

function inventory(port: number) {
  const host = (name: string) => ({
    kind: 'metal',
    zone: zoneOf(name),
    environment: 'test',
    architecture: 'x86_64',
    pool: poolOf(name),
    address: '127.0.0.1',
    ssh: { port, user: userInfo().username },
  });
  return {
    pools: Object.fromEntries(
      [...MOST_AWAY].map(([pool, most]) => [pool, { 'max-unavailable': most }]),
    ),
    hosts: Object.fromEntries(HOSTS.map((name) => [name, host(name)])),
  };
}
