import { describe, expect, it } from 'vitest';
import { healthyStorage } from '../../src/adapters/simulated/simulated-storage.ts';
import type { StorageAlert, StorageHealth } from '../../src/domain/storage-health.ts';
import { storageVerdict } from '../../src/policies/storage-verdict.ts';

const DOWN: StorageAlert = {
  code: 'OSD_DOWN',
  severity: 'warning',
  summary: '2 osds down',
  muted: false,
};
const DEGRADED: StorageAlert = {
  code: 'PG_DEGRADED',
  severity: 'warning',
  summary: 'Degraded data redundancy',
  muted: false,
};
const well = healthyStorage().health;
const ill: StorageHealth = {
  ...well,
  overall: 'warning',
  alerts: [DOWN, DEGRADED],
  objects: { degraded: 120, misplaced: 0, unfound: 0 },
  osds: { total: 4, up: 2, in: 4 },
};
const BOTH = ['OSD_DOWN', 'PG_DEGRADED'];

describe('whether a service may be moved on a storage', () => {
  it('is healthy when nothing is raised', () => {
    expect(storageVerdict(well, [])).toEqual({ kind: 'healthy' });
  });

  it('is degraded when each alert is one that the service puts up with, and stops otherwise', () => {
    expect(storageVerdict(ill, BOTH)).toEqual({
      kind: 'degraded',
      because: ['OSD_DOWN: 2 osds down', 'PG_DEGRADED: Degraded data redundancy'],
    });
    expect(storageVerdict(ill, ['OSD_DOWN'])).toEqual({
      kind: 'stop',
      because: ['PG_DEGRADED: Degraded data redundancy'],
    });
  });

  it('counts a muted alert like any other', () => {
    const quiet = { ...ill, overall: 'ok', alerts: [{ ...DOWN, muted: true }] } as const;
    expect(storageVerdict(quiet, [])).toEqual({
      kind: 'stop',
      because: ['OSD_DOWN: 2 osds down (muted)'],
    });
  });

  it('puts up with no error, and with nothing that loses or blocks data, whoever allows it', () => {
    const error = { ...ill, overall: 'error', alerts: [{ ...DOWN, severity: 'error' }] } as const;
    expect(storageVerdict(error, BOTH)).toMatchObject({ kind: 'stop' });
    const lost = { ...ill, alerts: [{ ...DOWN, code: 'OBJECT_UNFOUND' }] };
    expect(storageVerdict(lost, ['OBJECT_UNFOUND'])).toMatchObject({ kind: 'stop' });
  });

  it.each<[string, Partial<StorageHealth>, string]>([
    [
      'idle placement groups',
      { placementGroups: { total: 64, active: 60, undersized: 0, degraded: 0 } },
      '4 of 64 placement groups are idle',
    ],
    [
      'objects that are not found',
      { objects: { degraded: 0, misplaced: 0, unfound: 3 } },
      '3 objects are not found',
    ],
    [
      'missing copies',
      { objects: { degraded: 8, misplaced: 0, unfound: 0 } },
      '8 copies of objects are missing',
    ],
    ['disks that are down', { osds: { total: 4, up: 3, in: 4 } }, '1 disks are down'],
    ['a warning of nothing', { overall: 'warning' }, 'it warns and does not say of what'],
  ])('stops for %s that no alert is raised about', (_, change, because) => {
    expect(storageVerdict({ ...well, ...change }, BOTH)).toEqual({
      kind: 'stop',
      because: [because],
    });
  });
});
