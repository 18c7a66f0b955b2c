import type { DriverPort } from '../adapters/driver.ts';
import { Failure } from '../domain/failure.ts';

/** Every call throws a Failure that names what has to be configured. */
export function absentPort(port: DriverPort, zone: string): object {
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
