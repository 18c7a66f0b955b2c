import type { StorageHealth } from '../../domain/storage-health.ts';
import type { ClientAddress, Storage } from '../../jobs/ports/storage.ts';

/** What a storage is like: how it is, and until when each client is barred by its clock. */
export interface StorageBoard {
  health: StorageHealth;
  readonly barred: Map<ClientAddress, number>;
}

export function healthyStorage(): StorageBoard {
  return {
    health: {
      overall: 'ok',
      alerts: [],
      objects: { degraded: 0, misplaced: 0, unfound: 0 },
      placementGroups: { total: 64, active: 64, undersized: 0, degraded: 0 },
      osds: { total: 4, up: 4, in: 4 },
      nodes: ['storage-01', 'storage-02'].map((name) => ({
        name,
        osds: 2,
        down: 0,
        inMaintenance: false,
      })),
      flags: [],
    },
    barred: new Map(),
  };
}

/** Several may share a board. */
export function simulatedStorage(board: StorageBoard, now: () => number): Storage {
  return {
    async health() {
      return board.health;
    },
    async barred(client) {
      const until = board.barred.get(client) ?? 0;
      return until > now() ? { kind: 'barred', until } : { kind: 'open' };
    },
    async bar(client, forMs) {
      const stands = (board.barred.get(client) ?? 0) > now();
      if (!stands) board.barred.set(client, now() + forMs);
    },
    async unbar(client) {
      board.barred.delete(client);
    },
  };
}
