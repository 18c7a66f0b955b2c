import { stringify } from 'yaml';
import type { Inventory } from '../../../src/domain/inventory.ts';
import { inventoryOf } from '../../bot/fixture/inventory.ts';
import type { SwapNode } from './swap-node.ts';

export const NAME = 'shop.example.test';
export type NodeName = 'node1' | 'node2';

/** What the inventory says besides, as its YAML file has it. */
export interface PairExtras {
  readonly pools?: object;
  readonly hosts?: object;
  /** Of the service; instead of what it says otherwise. */
  readonly service?: object;
}

/** Two nodes that a service goes between. */
export function pairOf(
  { port, nodes }: { port: number; nodes: Readonly<Record<NodeName, SwapNode>> },
  { pools = {}, hosts = {}, service = {} }: PairExtras,
): Inventory {
  const members = Object.entries(nodes).map(([name, { address, ssh }]) => [
    name,
    { address, ssh: { address: '127.0.0.1', port: ssh.port, user: ssh.user } },
  ]);
  const asked = { successes: 2, every: '1s', within: '10s', timeout: '10s' };
  const compute = {
    members: {
      node1: { 'points-at': 'at-node1.example.test' },
      node2: { 'points-at': 'at-node2.example.test' },
    },
    dns: { name: NAME, ttl: 2, 'swap-ttl': 1 },
    checks: [{ name: 'web', kind: 'http', scheme: 'http', port, ...asked }],
    units: { one: ['scheduler'] },
    update: { commands: [['test', '-d', '/']] },
    'automatic-return': { allowed: true, writes: 'compatible' },
    ...service,
  };
  const text = stringify({
    defaults: { zone: 'staging', environment: 'staging' },
    pools,
    hosts: { ...Object.fromEntries(members), ...hosts },
    services: { compute },
  });
  return inventoryOf(text);
}
