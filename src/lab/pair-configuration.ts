import { PAIR_NODES, PAIR_POOL, PAIR_UNIT } from '../adapters/simulated/fleet/demo-pair.ts';
import { PAIR_ADDRESSES, PAIR_NAME, PAIR_TTL, PAIR_ZONE, type Pair } from './pair.ts';

/** What the inventory says of the pair, besides what it says of any host. */
export function pairInventory({ webPort }: Pair, hosts: Record<string, object>) {
  const nodes = PAIR_NODES.map((name) => {
    const ssh = { ...(hosts[name] as { ssh: object }).ssh, address: '127.0.0.1' };
    return [name, { ...hosts[name], address: PAIR_ADDRESSES[name], ssh }] as const;
  });
  const builders = Object.keys(hosts)
    .filter((name) => name.startsWith('compute-builder-'))
    .map((name) => [name, { ...hosts[name], pool: PAIR_POOL }] as const);
  return {
    pools: { [PAIR_POOL]: { 'max-unavailable': '100%' } },
    hosts: Object.fromEntries([...nodes, ...builders]),
    services: { compute: service(webPort) },
  };
}

function service(port: number) {
  return {
    members: Object.fromEntries(PAIR_NODES.map((name) => [name, { 'points-at': `${name}.lab` }])),
    dns: { name: PAIR_NAME, ttl: PAIR_TTL, 'swap-ttl': 10 },
    checks: [
      {
        name: 'web',
        kind: 'http',
        scheme: 'http',
        port,
        successes: 2,
        every: '5s',
        within: '1m',
      },
    ],
    units: { both: ['nginx'], one: [PAIR_UNIT] },
    builders: PAIR_POOL,
    update: { commands: [['dnf', '-y', 'update']] },
    'automatic-return': { allowed: true, writes: 'compatible' },
  };
}

/** The zone's drivers for it. */
export function pairDrivers({ nameServers, keyFile }: Pair) {
  const [primary] = nameServers.values();
  const servers = Object.fromEntries(nameServers);
  return {
    dns: { product: 'rfc2136', zones: { [PAIR_ZONE]: { primary, servers, 'key-file': keyFile } } },
    checks: { product: 'probe', resolvers: [primary] },
  };
}

export const PAIR_RULE = {
  allow: ['swap', 'maintain', 'lock'],
  on: { services: ['compute'] },
  to: ['sysadmin-builders'],
  approvals: { disruptive: { count: 1, from: ['sysadmin-builders'] } },
};
