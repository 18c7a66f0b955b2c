import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MAIN = resolve(import.meta.dirname, '../../../src/main.ts');
const SETTINGS = `inventory: inventory.yaml
directory: { groups: { admins: [ana] }, people: { ana: { name: Ana } } }
`;
const INVENTORY = `
defaults: { zone: staging, environment: staging, architecture: x86_64 }
pools:
  builders: { max-unavailable: 1 }
  web-eu: { max-unavailable: 1 }
  web_eu: { max-unavailable: 1 }
hosts:
  gate-1: { address: 192.0.2.1, ssh: { user: jump, port: 2222 } }
  builder-01:
    pool: builders
    address: 192.0.2.11
    site: "Nürnberg Süd"
    rack: "{{ 7 * 7 }}"
    ssh: { user: admin, port: 2200, jump: [gate-1], sudo: true }
  builder-02: { pool: builders, architecture: aarch64 }
  web-1: { pool: web-eu }
  web-2: { pool: web-eu }
  web-3: { pool: web_eu }
  web-4: { pool: web_eu }
`;

describe('our inventory, read by ansible-inventory', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'signalbox-inventory-'));
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'signalbox.yaml'), SETTINGS);
    writeFileSync(join(root, 'inventory.yaml'), INVENTORY);
    const script = join(root, 'signalbox-inventory');
    const words = `"${process.execPath}" "${MAIN}" inventory -c "${root}/signalbox.yaml" "$@"`;
    writeFileSync(script, `#!/bin/sh\nexec ${words}\n`);
    chmodSync(script, 0o755);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const ask = (...words: string[]) =>
    execFileSync('ansible-inventory', ['-i', join(root, 'signalbox-inventory'), ...words], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  it('has a group for each pool, zone, environment, architecture, kind, site and rack', () => {
    const graph = ask('--graph');
    const groups = [...graph.matchAll(/^ {2}\|--@(\S+):$/gm)].map(([, name]) => name);
    expect(groups.filter((name) => name !== 'ungrouped').sort()).toEqual([
      'architecture_aarch64',
      'architecture_x86_64',
      'environment_staging',
      'kind_metal',
      'pool_builders',
      'pool_web_eu',
      expect.stringMatching(/^pool_web_eu_[0-9a-f]{16}$/),
      'rack____7___7___',
      'site_N_rnberg_S_d',
      'zone_staging',
    ]);
    expect(graph).toMatch(/@pool_web_eu:\n +\|.*web-3\n +\|.*web-4\n/);
    expect(graph).toMatch(/@pool_web_eu_[0-9a-f]+:\n +\|.*web-1\n +\|.*web-2\n/);
  });

  it('tells how to reach a host and what is known of it, and evaluates none of that', () => {
    const variables = JSON.parse(ask('--host', 'builder-01'));
    expect(variables).toMatchObject({
      ansible_host: '192.0.2.11',
      ansible_port: 2200,
      ansible_user: 'admin',
      ansible_become: true,
      ansible_ssh_common_args: "-o 'ProxyJump=jump@192.0.2.1:2222'",
      signalbox_pool: 'builders',
      signalbox_site: 'Nürnberg Süd',
    });
    const words = ['-i', join(root, 'signalbox-inventory'), 'builder-01', '-c', 'local'];
    const said = execFileSync('ansible', [...words, '-m', 'debug', '-a', 'var=signalbox_rack'], {
      encoding: 'utf8',
      env: { ...process.env, ANSIBLE_NOCOLOR: '1' },
    });
    expect(said).toContain('"signalbox_rack": "{{ 7 * 7 }}"');
  });

  it('gives the same for a host whether it is asked for one or for all', () => {
    const all = JSON.parse(ask('--list'))._meta.hostvars;
    expect(Object.keys(all)).toHaveLength(7);
    expect(JSON.parse(ask('--host', 'web-1'))).toEqual(all['web-1']);
  });
});
