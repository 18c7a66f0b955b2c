import type { Inventory } from '../../../../src/domain/inventory.ts';
import { inventoryOf } from '../../../bot/fixture/inventory.ts';

/** Two nodes with a builder each, and one to spare. The service is active on node1, whose builder is off. */
const HOSTS = `
defaults: { zone: staging, environment: staging, ssh: { user: root } }
pools: { builders: { max-unavailable: 2 } }
hosts:
  node1: { bmc: 10.0.1.1, address: 10.0.0.1 }
  node2: { bmc: 10.0.1.2, address: 10.0.0.2 }
  node3: { bmc: 10.0.1.3, address: 10.0.0.3 }
  builder-01: { pool: builders, kind: virtual, hypervisor: node1 }
  builder-02: { pool: builders, kind: virtual, hypervisor: node2 }
`;

const SERVICE = `
services:
  compute:
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

export const STANDBY_CHECK =
  '    standby-checks: [{ name: replica, kind: command, run: [replication-is-current] }]\n';

const MEMBERS = ['node1', 'node2'] as const;

/** The pair with whatever else is said about its service. */
export function pairInventory(...more: readonly string[]): Inventory {
  return inventoryOfMembers(
    MEMBERS.map((name) => memberOf(name)),
    more,
  );
}

/** `carries`: what of the bot is on it. */
export function memberOf(name: string, carries = ''): string {
  const own = carries !== '' ? `, carries: [${carries}]` : '';
  return `      ${name}: { points-at: ${name}.example.org${own} }\n`;
}

export function inventoryOfMembers(
  members: readonly string[],
  more: readonly string[] = [],
): Inventory {
  const said = [...more, '    members:\n', ...members].join('');
  return inventoryOf(`${HOSTS}${SERVICE}${said}`);
}
