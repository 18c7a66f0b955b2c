import { isDeepStrictEqual } from 'node:util';
import type { DriverSettings, ZoneSettings } from '../adapters/config/settings.ts';
import type { DriverDefinition, DriverEnvironment, DriverPort } from '../adapters/driver.ts';
import type { WithPorts } from '../jobs/engine/engine.ts';
import type { Downtime } from '../jobs/ports/downtime.ts';
import type { Ports } from '../jobs/ports/ports.ts';
import { absentPort } from './absent-port.ts';
import { findDriver } from './find-driver.ts';
import { type SharedDriver, sharedDriver } from './shared-driver.ts';
import { type ActingPorts, type ZoneDrivers, zoneDrivers } from './zone-drivers.ts';

const PORTS: readonly DriverPort[] = [
  'farm',
  'shell',
  'witness',
  'installer',
  'reports',
  'hypervisor',
  'configuration',
  'dns',
  'checks',
  'storage',
  'power',
  'console',
  'downtime',
];
/** Without a driver they are absent, and steps and the engine do without. */
const OPTIONAL: ReadonlySet<DriverPort> = new Set(['console', 'downtime']);

/** A zone's drivers, which a reload replaces under whoever uses them. */
export interface ZoneConnection {
  /** Each call goes to the driver that is configured at that moment. Without what is optional: only steps use that. */
  readonly ports: Ports;
  /** Undefined where the zone has no driver for it: then nothing is silenced. Another one after each reload. */
  readonly downtime: Downtime | undefined;
  readonly withPorts: WithPorts;
  /** By port, as they are now. */
  readonly connected: ReadonlyMap<DriverPort, SharedDriver>;
  /** Makes what is another one by these settings. Throws a ConfigError, or what a driver throws, and leaves all as it was. */
  prepare(settings: ZoneSettings): PreparedZone;
  /** Closes every driver, also one that is in use. */
  close(): Promise<void>;
}

export interface PreparedZone {
  /** From now on everybody gets these. What they replace closes once nobody uses it. */
  replace(): void;
  /** They are not wanted after all. */
  discard(): void;
}

export interface ZoneEnvironment extends Omit<DriverEnvironment, 'shell'> {
  readonly report: (problem: unknown) => void;
}

/** Makes a zone's drivers from its configuration. A port without a driver fails when it is used, and says so. */
export function connectZone(
  settings: ZoneSettings,
  definitions: readonly DriverDefinition[],
  environment: ZoneEnvironment,
): ZoneConnection {
  const { inventory, hostKeys, secrets, report } = environment;
  const open = new Set<SharedDriver>();
  let current = make(settings, undefined);

  function make(wanted: ZoneSettings, before: ZoneDrivers | undefined): ZoneDrivers {
    const kept = keptDrivers(wanted, before);
    const drivers = new Map<DriverPort, SharedDriver>();
    const ports: Record<string, unknown> = {};
    const complete = { ...environment, shell: () => ports.shell as Ports['shell'] };
    for (const port of PORTS) {
      const named = wanted.drivers.get(port);
      const driver = named && (kept.get(port) ?? connect(port, named, complete));
      if (driver !== undefined) drivers.set(port, driver);
      if (driver !== undefined) ports[port] = driver.port;
      else if (!OPTIONAL.has(port)) ports[port] = absentPort(port, environment.zone);
    }
    const { downtime, ...acting } = ports;
    return zoneDrivers(drivers, acting as ActingPorts, downtime as Downtime | undefined);
  }

  function connect(port: DriverPort, named: DriverSettings, complete: DriverEnvironment) {
    const { definition, config } = findDriver(port, named, definitions);
    const connected = definition.connect(config, complete);
    const closed = () => open.delete(driver);
    const driver = sharedDriver({ settings: named, connected, closed, report });
    open.add(driver);
    return driver;
  }

  const withPorts: WithPorts = (work) => {
    const { ports, use } = current;
    const now = inventory.current();
    return use(() =>
      work({ ...ports, hostKeys, secrets, inventory: { current: () => now } } as Ports),
    );
  };

  return {
    ports: { ...livePorts(() => current), inventory, hostKeys, secrets },
    withPorts,
    get downtime() {
      return current.downtime;
    },
    get connected() {
      return current.drivers;
    },
    prepare(wanted) {
      const before = current;
      const next = make(wanted, before);
      return {
        replace() {
          current = next;
          void before.retire();
        },
        discard: () => void next.retire(),
      };
    },
    async close() {
      await Promise.all([...open].map((driver) => driver.close()));
    },
  };
}

/** What acts through a shell was given that shell, so another shell means that all are made anew. */
function keptDrivers(
  { drivers }: ZoneSettings,
  before: ZoneDrivers | undefined,
): ReadonlyMap<DriverPort, SharedDriver> {
  const same = ([port, { settings }]: [DriverPort, SharedDriver]) =>
    isSameDriver(settings, drivers.get(port));
  const old = [...(before?.drivers ?? [])];
  const shell = before?.drivers.get('shell')?.settings;
  return new Map(isSameDriver(shell, drivers.get('shell')) ? old.filter(same) : []);
}

function isSameDriver(one: DriverSettings | undefined, other: DriverSettings | undefined): boolean {
  return (
    one?.product === other?.product && isDeepStrictEqual(one?.config.value, other?.config.value)
  );
}

function livePorts(current: () => ZoneDrivers): ActingPorts {
  const live = PORTS.filter((port) => !OPTIONAL.has(port)).map((port) => [
    port,
    livePort(port, current),
  ]);
  return Object.fromEntries(live) as ActingPorts;
}

type Method = (...args: unknown[]) => Promise<unknown>;

function livePort(port: DriverPort, current: () => ZoneDrivers): object {
  return new Proxy(
    {},
    {
      get:
        (_target, method) =>
        (...args: unknown[]) => {
          const { ports, use } = current();
          const target: object = Reflect.get(ports, port);
          return use(() => Reflect.apply(Reflect.get(target, method) as Method, target, args));
        },
    },
  );
}
