import { buildInventory } from '../../../../src/adapters/config/build-inventory.ts';
import { configFile } from '../../../../src/adapters/config/config-file.ts';
import { formatProblem } from '../../../../src/adapters/config/problem.ts';
import type { Inventory } from '../../../../src/domain/inventory.ts';

/** Two nodes with a builder each. The service is active on node1, whose builder is off. */
const HOSTS = `
defaults: { zone: staging, environment: staging, ssh: { user: root } }
pools: { builders: { max-unavailable: 2 } }
hosts:
  node1: { bmc: 10.0.1.1, address: 10.0.0.1 }
  node2: { bmc: 10.0.1.2, address: 10.0.0.2 }
  builder-01: { pool: builders, kind: virtual, hypervisor: node1 }
  builder-02: { pool: builders, kind: virtual, hypervisor: node2 }
`;

const SERVICE = `
services:
  compute:
    members:
      node1: { points-at: node1.example.org }
      node2: { points-at: node2.example.org }
    dns: { name: compute.example.org, ttl: 300, swap-ttl: 10 }
    checks:
      - { name: web, kind: http, successes: 2, every: 1s, within: 10s }
`;

export const BUILDERS = '    builders: builders\n';
export const ONE_UNIT = '    units: { both: [nginx], one: [scheduler] }\n';
export const UPDATE = '    update: { commands: [[apply-updates]] }\n';
export const RETURNS = '    automatic-return: { allowed: true, writes: compatible }\n';
export const LOOKS_UP =
  '    automatic-return: { allowed: true, writes: { looked-up-by: [nothing-written] } }\n';
export const POWER = '    fences: [power]\n';
export const BLOCKLIST = '    fences: [blocklist]\n    storage: {}\n';

/** The pair with whatever else is said about its service. */
export function pairInventory(...more: readonly string[]): Inventory {
  const built = buildInventory([configFile('pair.yaml', `${HOSTS}${SERVICE}${more.join('')}`)]);
  if (built.kind === 'inventory') return built.inventory;
  throw new Error(built.problems.map(formatProblem).join('\n'));
}
