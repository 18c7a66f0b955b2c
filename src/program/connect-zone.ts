import { type ConfigPart, problemOf } from '../adapters/config/config-part.ts';
import { didYouMean } from '../adapters/config/did-you-mean.ts';
import { ConfigError } from '../adapters/config/problem.ts';
import { parsePart } from '../adapters/config/read-part.ts';
import type { ZoneSettings } from '../adapters/config/settings.ts';
import type {
  Connected,
  DriverDefinition,
  DriverEnvironment,
  DriverPort,
} from '../adapters/driver.ts';
import { Failure } from '../domain/failure.ts';
import type { Downtime } from '../jobs/ports/downtime.ts';
import type { Ports } from '../jobs/ports/ports.ts';

const PORTS: readonly DriverPort[] = [
  'farm',
  'shell',
  'witness',
  'installer',
  'reports',
  'hypervisor',
  'configuration',
  'console',
  'downtime',
];
/** Without a driver they are absent, and steps and the engine do without. */
const OPTIONAL: ReadonlySet<DriverPort> = new Set(['console', 'downtime']);

export interface ZoneConnection {
  readonly ports: Ports;
  /** Undefined where the zone has no driver for it: then nothing is silenced. */
  readonly downtime: Downtime | undefined;
  /** By port, with the product that serves it. */
  readonly connected: ReadonlyMap<DriverPort, Connected<unknown> & { readonly product: string }>;
  close(): Promise<void>;
}

/** Makes a zone's drivers from its configuration. A port without a driver fails when it is used, and says so. */
export function connectZone(
  { drivers }: ZoneSettings,
  definitions: readonly DriverDefinition[],
  environment: Omit<DriverEnvironment, 'shell'>,
): ZoneConnection {
  const connected = new Map<DriverPort, Connected<unknown> & { readonly product: string }>();
  const ports: Record<string, unknown> = {};
  const complete = { ...environment, shell: () => ports.shell as Ports['shell'] };
  for (const port of PORTS) {
    const settings = drivers.get(port);
    if (settings === undefined) {
      if (!OPTIONAL.has(port)) ports[port] = absentPort(port, environment.zone);
      continue;
    }
    const { product, config } = settings;
    const definition = findDriver(port, product, config, definitions);
    const driver = definition.connect(parsePart(config, definition.config), complete);
    connected.set(port, { ...driver, product });
    ports[port] = driver.port;
  }
  const { inventory, hostKeys, secrets } = environment;
  const { downtime, ...acting } = ports;
  return {
    ports: { ...acting, inventory, hostKeys, secrets } as unknown as Ports,
    downtime: downtime as Downtime | undefined,
    connected,
    close: async () => {
      await Promise.all([...connected.values()].map((driver) => driver.close()));
    },
  };
}

function findDriver(
  port: DriverPort,
  product: string,
  config: ConfigPart,
  definitions: readonly DriverDefinition[],
): DriverDefinition {
  const candidates = definitions.filter((definition) => definition.port === port);
  const found = candidates.find((definition) => definition.product === product);
  if (found !== undefined) return found;
  const products = candidates.map((definition) => definition.product);
  throw new ConfigError([
    problemOf(config, {
      message: `there is no ${port} driver "${product}"`,
      expected: products.join(' or '),
      next: didYouMean(product, products) ?? 'use one of these',
    }),
  ]);
}

/** Every call throws a Failure that names what has to be configured. */
function absentPort(port: DriverPort, zone: string): object {
  return new Proxy(
    {},
    {
      get: (_target, method) => () => Promise.reject(notConfigured(port, zone, String(method))),
    },
  );
}

function notConfigured(port: DriverPort, zone: string, method: string): Failure {
  return new Failure({
    code: 'driver.not-configured',
    problem: `${zone} has no ${port}`,
    because: `${method} was needed and zones.${zone}.drivers.${port} is not in signalbox.yaml`,
    effect: 'none',
    next: `Add zones.${zone}.drivers.${port}; signalbox check says which commands that enables.`,
  });
}
