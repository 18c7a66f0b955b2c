import * as z from 'zod';
import { HostName } from '../../domain/ids.ts';
import type { StorageHealth } from '../../domain/storage-health.ts';
import { defineDriver } from '../driver.ts';
import { cephCluster } from './ceph/ceph-cluster.ts';

const CephConfig = z.strictObject({
  /** Hosts of the inventory where `ceph` answers, asked in this order. */
  on: z.array(HostName).min(1, 'expected at least one host'),
  /** E.g. `[cephadm, shell, --, ceph]`. */
  command: z.array(z.string().min(1)).min(1, 'expected a program and its words').default(['ceph']),
  'as-root': z.boolean().default(true),
  'timeout-s': z.int().min(1).max(120).default(30),
});

/** A Ceph cluster, through its own command on hosts that have it. */
export default defineDriver({
  port: 'storage',
  product: 'ceph',
  config: CephConfig,
  connect: ({ on, command, 'as-root': asRoot, 'timeout-s': seconds }, { shell }) => {
    const port = cephCluster({ on, command, asRoot, timeoutMs: seconds * 1000, shell });
    return {
      port,
      check: async (signal) => `Ceph on ${on.join(', ')}: ${inWords(await port.health(signal))}`,
      close: async () => {},
    };
  },
});

function inWords({ overall, alerts, osds, nodes }: StorageHealth): string {
  const raised = alerts.map(({ code }) => code).join(', ') || 'nothing raised';
  return `${overall}, ${raised}; ${osds.up} of ${osds.total} disks up on ${nodes.length} nodes`;
}
