import type { OutOfService } from '../bot/bot.ts';
import type { HostName, PoolName, ZoneName } from '../domain/ids.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { BuildFarmReads } from '../jobs/ports/build-farm.ts';

const FRESH_FOR_MS = 5_000;
const PATIENCE_MS = 10_000;

/** Asks build systems who is out of service, and remembers the answer for a moment for those who only look. */
export function poolHealth(
  inventory: () => Inventory,
  farmOf: (zone: ZoneName) => BuildFarmReads,
  report: (problem: unknown) => void,
): OutOfService {
  const known = new Map<PoolName, { at: number; hosts: readonly HostName[] | undefined }>();
  return async (pool, freshness) => {
    const last = known.get(pool);
    const now = performance.now();
    if (freshness === 'cached' && last && now - last.at < FRESH_FOR_MS) return last.hosts;
    const hosts = await ask(pool);
    known.set(pool, { at: now, hosts });
    return hosts;
  };

  async function ask(name: PoolName): Promise<readonly HostName[] | undefined> {
    const { pools, hosts } = inventory();
    const members = pools.get(name)?.hosts ?? [];
    const [first] = members;
    const zone = first && hosts.get(first)?.zone;
    if (zone === undefined) return undefined;
    try {
      return await farmOf(zone).outOfService(members, AbortSignal.timeout(PATIENCE_MS));
    } catch (problem) {
      report(problem);
      return undefined;
    }
  }
}
