import type { Ports } from '../ports/ports.ts';

/** Somebody else may hold the operation by now. Whoever catches it writes nothing and does nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** Throws LeaseLost when the deadline has passed, or a call could still be under way when it does. */
export type LeaseCheck = () => void;

/**
 * The ports as a step may use them: every call first checks the lease. What was already sent cannot be called back,
 * but nothing more is started by a worker that was frozen or cut off.
 */
export function guardPorts(ports: Ports, check: LeaseCheck): Ports {
  const guarded = Object.entries(ports).map(([name, port]) => [name, guardPort(port, check)]);
  return Object.fromEntries(guarded) as Ports;
}

function guardPort(port: object, check: LeaseCheck): object {
  return new Proxy(port, {
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        check();
        return value.apply(target, args);
      };
    },
  });
}
