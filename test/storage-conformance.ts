import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../src/jobs/ports/storage.ts';

export interface StorageUnderTest {
  readonly storage: Storage;
  /** By the storage's clock, in milliseconds since 1970. */
  now(): number;
  close(): Promise<void>;
}

const CLIENT = '192.0.2.17';
const NEIGHBOUR = '192.0.2.170';
const HOUR = 3_600_000;

/** What every Storage promises. `make` is called before each test; nobody is barred then. */
export function storageConformance(name: string, make: () => Promise<StorageUnderTest>): void {
  describe(`${name} as a storage`, () => {
    const { signal } = new AbortController();
    let under: StorageUnderTest;
    let storage: Storage;
    beforeEach(async () => {
      under = await make();
      storage = under.storage;
    });
    afterEach(() => under.close());

    const until = async (client: string) => {
      const found = await storage.barred(client, signal);
      return found.kind === 'barred' ? found.until : undefined;
    };

    it('tells how it is', async () => {
      const { osds, placementGroups } = await storage.health(signal);
      expect(osds.total).toBeGreaterThan(0);
      expect(placementGroups.active).toBeLessThanOrEqual(placementGroups.total);
    });

    it('bars the client it was told, and no other', async () => {
      expect(await storage.barred(CLIENT, signal)).toEqual({ kind: 'open' });
      await storage.bar(CLIENT, HOUR, signal);
      expect(await until(CLIENT)).toBeGreaterThan(under.now() + HOUR - 60_000);
      expect(await storage.barred(NEIGHBOUR, signal)).toEqual({ kind: 'open' });
    });

    it('leaves one that is barred already as it is', async () => {
      await storage.bar(CLIENT, 5 * HOUR, signal);
      const before = await until(CLIENT);
      await storage.bar(CLIENT, HOUR, signal);
      expect(await until(CLIENT)).toBe(before);
    });

    it('takes it back, which may come twice', async () => {
      await storage.bar(CLIENT, HOUR, signal);
      await storage.unbar(CLIENT, signal);
      await storage.unbar(CLIENT, signal);
      expect(await storage.barred(CLIENT, signal)).toEqual({ kind: 'open' });
    });
  });
}
