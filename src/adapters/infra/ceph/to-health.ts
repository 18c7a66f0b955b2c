import { printable } from '../../../bot/grammar/printable.ts';
import type { StorageHealth, StorageNode } from '../../../domain/storage-health.ts';
import type { CephStatus, OsdDump, OsdTree } from './ceph-answers.ts';

const OVERALL = { HEALTH_OK: 'ok', HEALTH_WARN: 'warning', HEALTH_ERR: 'error' } as const;
/** Nobody can read or write there at the moment, although it is called active. */
const IDLE = ['stale', 'laggy', 'wait'];
const LONGEST_SUMMARY = 160;

/** What Ceph says, in the words of any storage. Undefined where its own numbers do not agree. */
export function toHealth(
  { health, osdmap, pgmap }: CephStatus,
  tree: OsdTree,
  dump: OsdDump,
): StorageHealth | undefined {
  const groups = (is: (states: readonly string[]) => boolean) =>
    pgmap.pgs_by_state
      .filter(({ state_name }) => is(state_name.split('+')))
      .reduce((sum, { count }) => sum + count, 0);
  if (groups(() => true) !== pgmap.num_pgs) return undefined;
  return {
    overall: OVERALL[health.status],
    alerts: Object.entries(health.checks).map(([code, { severity, summary, muted }]) => ({
      code: printable(code, LONGEST_SUMMARY),
      severity: severity === 'HEALTH_ERR' ? 'error' : 'warning',
      summary: printable(summary.message, LONGEST_SUMMARY),
      muted,
    })),
    objects: {
      degraded: pgmap.degraded_objects,
      misplaced: pgmap.misplaced_objects,
      unfound: pgmap.unfound_objects,
    },
    placementGroups: {
      total: pgmap.num_pgs,
      active: groups(
        (states) => states.includes('active') && !IDLE.some((one) => states.includes(one)),
      ),
      undersized: groups((states) => states.includes('undersized')),
      degraded: groups((states) => states.includes('degraded')),
    },
    osds: { total: osdmap.num_osds, up: osdmap.num_up_osds, in: osdmap.num_in_osds },
    nodes: nodesOf(tree, dump),
    flags: dump.flags_set,
  };
}

function nodesOf({ nodes }: OsdTree, dump: OsdDump): StorageNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return nodes
    .filter(({ type }) => type === 'host')
    .map(({ name, children }) => {
      const disks = children.map((id) => byId.get(id)).filter((disk) => disk?.type === 'osd');
      const down = disks.filter((disk) => disk?.status !== 'up').length;
      const allDown = disks.length > 0 && down === disks.length;
      return { name, osds: disks.length, down, inMaintenance: allDown && staysIn(name, dump) };
    });
}

/** Somebody said that its disks are not to be given up: as `ceph orch host maintenance enter` does, or a person. */
function staysIn(node: string, { flags_set, crush_node_flags }: OsdDump): boolean {
  return flags_set.includes('noout') || (crush_node_flags[node] ?? []).includes('noout');
}
