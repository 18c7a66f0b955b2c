import { describe, expect, it } from 'vitest';
import { buildInventory } from '../../../src/adapters/config/build-inventory.ts';
import { configFile } from '../../../src/adapters/config/config-file.ts';
import { formatProblem } from '../../../src/adapters/config/problem.ts';
import type { ServiceName } from '../../../src/domain/ids.ts';

const HOSTS = `
defaults: { zone: staging, environment: staging }
pools: { builders: {} }
hosts:
  node1: { bmc: 10.0.0.1 }
  node2: { bmc: 10.0.0.2 }
  node3: { zone: other }
  builder-01: { pool: builders, kind: virtual, hypervisor: node2 }
`;

const COMPUTE = `
services:
  compute:
    members:
      node1: { points-at: node1.example.org }
      node2: { points-at: node2.example.org, carries: [dns] }
    dns: { name: compute.example.org, ttl: 600, swap-ttl: 5 }
    checks:
      - { name: web, kind: http, path: /health }
      - { name: login, kind: tcp, port: 22 }
    standby-checks:
      - { name: current, kind: command, run: [replication-is-current], as-root: true }
    units: { both: [nginx], one: [scheduler] }
    builders: builders
    storage: { tolerates: [OSD_DOWN] }
    update: { commands: [[apt-get, -y, upgrade]], reboot: true }
    automatic-return: { allowed: true, writes: { looked-up-by: [nothing-was-written] } }
    fences: [power]
    window: { days: [tue], from: "22:30", lasts: 4h }
`;

function built(text: string) {
  const built = buildInventory([configFile('base.yaml', `${HOSTS}${text}`)]);
  if (built.kind === 'refused') return built.problems.map(formatProblem);
  return built.inventory.services.get('compute' as ServiceName);
}

describe('a service of the inventory', () => {
  it('is read with what its entry leaves to defaults', () => {
    expect(built(COMPUTE)).toMatchObject({
      zone: 'staging',
      environment: 'staging',
      members: [
        { host: 'node1', pointsAt: 'node1.example.org', carries: [] },
        { host: 'node2', pointsAt: 'node2.example.org', carries: ['dns'] },
      ],
      dns: { name: 'compute.example.org', ttl: 600, swapTtl: 5 },
      checks: [
        { name: 'web', target: { kind: 'http', port: 443 } },
        { name: 'login', target: { kind: 'tcp', port: 22 } },
      ],
      standbyChecks: [{ target: { kind: 'command', asRoot: true } }],
      automaticReturn: {
        allowed: true,
        writes: { kind: 'looked-up', by: ['nothing-was-written'] },
      },
      storage: { tolerates: ['OSD_DOWN'] },
      window: { days: ['tue'], from: 22 * 60 + 30, lasts: 240 },
    });
  });

  it('lets its name go back by itself only where somebody said so', () => {
    const plain = COMPUTE.replace(/ {4}automatic-return.*\n/, '');
    expect(built(plain)).toMatchObject({
      automaticReturn: { allowed: false, writes: { kind: 'unknown' } },
    });
  });

  it('has all of its members where one worker reaches them', () => {
    const apart = COMPUTE.replace('      node2: {', '      node3: {');
    expect(built(apart)).toEqual([
      'base.yaml:14:7: member "node3" is in zone "other" and environment "staging"; expected those of "node1", staging and staging: one worker has to reach all of them; move the host, or take another one',
      'base.yaml:26:14: "node3" cannot be fenced by power, since it has no bmc; expected bmc for every member; give "node3" a bmc, or remove power',
    ]);
  });
});
