import type { DriverPort } from '../adapters/driver.ts';
import type { Downtime } from '../jobs/ports/downtime.ts';
import type { Ports } from '../jobs/ports/ports.ts';
import type { SharedDriver } from './shared-driver.ts';

/** What steps act with and drivers serve. */
export type ActingPorts = Pick<Ports, Exclude<DriverPort, 'downtime'>>;

/** A zone's drivers as one version of the configuration has them. Those that the next version has too go on in it. */
export interface ZoneDrivers {
  readonly drivers: ReadonlyMap<DriverPort, SharedDriver>;
  readonly ports: ActingPorts;
  /** Undefined where nothing is configured for it. Its calls hold these drivers open. */
  readonly downtime: Downtime | undefined;
  /** None of them closes before the work is over. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** Nobody gets these any more: they are let go of as soon as nobody uses them. */
  retire(): Promise<void>;
}

export function zoneDrivers(
  drivers: ReadonlyMap<DriverPort, SharedDriver>,
  ports: ActingPorts,
  downtime: Downtime | undefined,
): ZoneDrivers {
  let users = 0;
  let retired = false;
  for (const driver of drivers.values()) driver.acquire();

  async function letGo(): Promise<void> {
    if (!retired || users > 0) return;
    await Promise.all([...drivers.values()].map((driver) => driver.release()));
  }

  async function use<T>(work: () => Promise<T>): Promise<T> {
    users += 1;
    try {
      return await work();
    } finally {
      users -= 1;
      void letGo();
    }
  }

  return {
    drivers,
    ports,
    downtime: downtime && {
      begin: (...call) => use(() => downtime.begin(...call)),
      end: (...call) => use(() => downtime.end(...call)),
    },
    use,
    async retire() {
      retired = true;
      await letGo();
    },
  };
}
