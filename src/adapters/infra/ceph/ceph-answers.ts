import * as z from 'zod';

const count = z.int().nonnegative();

/** What we rely on of `ceph status --format json`, from Octopus (15) on. https://docs.ceph.com/en/latest/rados/operations/monitoring/ */
export const CephStatus = z.object({
  health: z.object({
    status: z.enum(['HEALTH_OK', 'HEALTH_WARN', 'HEALTH_ERR']),
    checks: z.record(
      z.string(),
      z.object({
        severity: z.enum(['HEALTH_WARN', 'HEALTH_ERR']),
        summary: z.object({ message: z.string() }),
        muted: z.boolean(),
      }),
    ),
  }),
  osdmap: z.object({ num_osds: count, num_up_osds: count, num_in_osds: count }),
  pgmap: z.object({
    num_pgs: count,
    pgs_by_state: z.array(z.object({ state_name: z.string(), count })),
    // Ceph leaves these out where they would be 0.
    degraded_objects: count.default(0),
    misplaced_objects: count.default(0),
    unfound_objects: count.default(0),
  }),
  /** Without a manager, what is said of placement groups is old or nothing. */
  mgrmap: z.object({ available: z.boolean() }),
});
export type CephStatus = z.infer<typeof CephStatus>;

/** `ceph osd tree --format json`: buckets and disks, by id. */
export const OsdTree = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      type: z.string(),
      children: z.array(z.int()).default([]),
      /** Of a disk: `up`, `down`, `destroyed`. */
      status: z.string().optional(),
    }),
  ),
});
export type OsdTree = z.infer<typeof OsdTree>;

/** `ceph osd dump --format json`. `osd blocklist ls` prints two documents in some releases, and this has the same. */
export const OsdDump = z.object({
  flags_set: z.array(z.string()),
  crush_node_flags: z.record(z.string(), z.array(z.string())),
  /** Until when, by `address:port/nonce`; whatever stands here is refused. */
  blocklist: z.record(z.string(), z.string()),
});
export type OsdDump = z.infer<typeof OsdDump>;
