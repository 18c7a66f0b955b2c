import type { StorageAlert, StorageHealth } from '../domain/storage-health.ts';

export type StorageVerdict =
  | { readonly kind: 'healthy' }
  /** Not healthy, and each of the reasons is one that the service puts up with. */
  | { readonly kind: 'degraded'; readonly because: readonly string[] }
  | { readonly kind: 'stop'; readonly because: readonly string[] };

/** The codes that a service puts up with, e.g. `OSD_DOWN`; everything that they bring along has to be among them. */
export type Tolerated = readonly string[];

/** Some of the data cannot be used, may be lost, or soon cannot be written: no service puts up with that. */
const NEVER = new Set([
  'MON_DISK_CRIT',
  'OBJECT_UNFOUND',
  'OSD_BACKFILLFULL',
  'OSD_FULL',
  'OSD_NEARFULL',
  'OSD_ROOT_DOWN',
  'OSD_SCRUB_ERRORS',
  'PG_AVAILABILITY',
  'PG_BACKFILL_FULL',
  'PG_DAMAGED',
  'PG_RECOVERY_FULL',
  'POOL_BACKFILLFULL',
  'POOL_FULL',
  'POOL_NEARFULL',
]);

export function canBeTolerated(code: string): boolean {
  return !NEVER.has(code);
}

/** Whether a service may be moved on this storage. What is not known to be harmless stops it. */
export function storageVerdict(health: StorageHealth, tolerated: Tolerated): StorageVerdict {
  const may = ({ code, severity }: StorageAlert) =>
    severity === 'warning' && canBeTolerated(code) && tolerated.includes(code);
  const stops = [...health.alerts.filter((alert) => !may(alert)).map(inWords), ...harm(health)];
  if (stops.length > 0) return { kind: 'stop', because: [...away(health), ...stops] };
  const because = [...away(health), ...health.alerts.map(inWords)];
  return because.length > 0 ? { kind: 'degraded', because } : { kind: 'healthy' };
}

/** What the numbers say, whatever alerts there are: one that is missing hides nothing. */
function harm({ overall, alerts, objects, placementGroups, osds }: StorageHealth): string[] {
  const inactive = placementGroups.total - placementGroups.active;
  const isDegraded = objects.degraded + placementGroups.undersized + placementGroups.degraded > 0;
  const isSilent = alerts.length === 0;
  return [
    ...(overall === 'error' ? ['the storage calls itself broken'] : []),
    ...(overall === 'warning' && isSilent ? ['it warns and does not say of what'] : []),
    ...(placementGroups.total === 0 ? ['it has no placement groups'] : []),
    ...(inactive > 0 ? [`${inactive} of ${placementGroups.total} placement groups are idle`] : []),
    ...(objects.unfound > 0 ? [`${objects.unfound} objects are not found`] : []),
    ...(isSilent && isDegraded ? [`${objects.degraded} copies of objects are missing`] : []),
    ...(isSilent && osds.up < osds.total ? [`${osds.total - osds.up} disks are down`] : []),
  ];
}

function away({ nodes }: StorageHealth): string[] {
  return nodes.filter((node) => node.inMaintenance).map(({ name }) => `${name} is in maintenance`);
}

function inWords({ code, summary, muted }: StorageAlert): string {
  return `${code}: ${summary}${muted ? ' (muted)' : ''}`;
}
