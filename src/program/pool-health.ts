import { setTimeout as delay } from 'node:timers/promises';
import type { OutOfService } from '../bot/bot.ts';
import type { HostName, PoolName, ZoneName } from '../domain/ids.ts';
import type { Inventory } from '../domain/inventory.ts';
import type { BuildFarmReads } from '../jobs/ports/build-farm.ts';

/** Younger answers are as good as new. */
const FRESH_FOR_MS = 5_000;
/** Whoever only looks waits that long for a new answer before the old one is given: what was just put back is to be seen. */
const WAITED_FOR_MS = 500;
/** Older answers are not given any more, also to those who only look. */
const KEPT_FOR_MS = 60_000;
const PATIENCE_MS = 10_000;

type Away = readonly HostName[] | undefined;

export interface PoolHealthOptions {
  readonly inventory: () => Inventory;
  /** Undefined where the zone has no build system. */
  readonly farmOf: (zone: ZoneName) => BuildFarmReads | undefined;
  readonly report: (problem: unknown) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: () => number;
  /** Settles when nobody who only looks waits any longer. */
  readonly waited?: () => Promise<unknown>;
}

/**
 * Asks build systems who is out of service. Those who only look get what is remembered where it is young or the answer
 * is slow, which is then there for the next of them: however many look, one question is under way for each pool.
 */
export function poolHealth(options: PoolHealthOptions): OutOfService {
  const { clock = () => performance.now(), waited = waitedLong } = options;
  const known = new Map<PoolName, { readonly at: number; readonly hosts: Away }>();
  const asking = new Map<PoolName, Promise<Away>>();

  async function ask(pool: PoolName): Promise<Away> {
    const at = clock();
    const hosts = await askFarm(pool, options);
    known.set(pool, { at, hosts });
    return hosts;
  }

  function askOnce(pool: PoolName): Promise<Away> {
    const asked = asking.get(pool) ?? ask(pool).finally(() => asking.delete(pool));
    asking.set(pool, asked);
    return asked;
  }

  return async (pool, freshness) => {
    if (freshness === 'fresh') return ask(pool);
    const last = known.get(pool);
    const age = last === undefined ? Number.POSITIVE_INFINITY : clock() - last.at;
    if (age < FRESH_FOR_MS) return last?.hosts;
    const asked = askOnce(pool);
    return age < KEPT_FOR_MS ? Promise.race([asked, waited().then(() => last?.hosts)]) : asked;
  };
}

function waitedLong(): Promise<void> {
  return delay(WAITED_FOR_MS, undefined, { ref: false });
}

async function askFarm(
  name: PoolName,
  { inventory, farmOf, report }: PoolHealthOptions,
): Promise<Away> {
  const { pools, hosts } = inventory();
  const members = pools.get(name)?.hosts ?? [];
  const [first] = members;
  const zone = first && hosts.get(first)?.zone;
  if (zone === undefined) return undefined;
  try {
    return await farmOf(zone)?.outOfService(members, AbortSignal.timeout(PATIENCE_MS));
  } catch (problem) {
    report(problem);
    return undefined;
  }
}
