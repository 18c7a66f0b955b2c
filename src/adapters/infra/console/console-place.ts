import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import { HostName } from '../../../domain/ids.ts';
import type { Host, Inventory } from '../../../domain/inventory.ts';

/** `hypervisor` is the one of each host, anything else a host of the inventory. */
export const ConsoleOn = z.union([z.literal('hypervisor'), HostName], {
  error: 'expected "hypervisor", or a host of the inventory',
});
export type ConsoleOn = z.infer<typeof ConsoleOn>;

export function hostOfConsole({ hosts }: Inventory, name: HostName): Host {
  const host = hosts.get(name);
  if (host === undefined) throw nowhere(name, `the inventory has no ${name}`);
  return host;
}

/** The host of the inventory that has the console of another one. A Failure when there is none. */
export function placeOfConsole(inventory: Inventory, on: ConsoleOn, name: HostName): HostName {
  const { hypervisor } = hostOfConsole(inventory, name);
  const place = on === 'hypervisor' ? hypervisor : on;
  if (place === undefined) throw nowhere(name, 'the inventory names no hypervisor of it');
  if (!inventory.hosts.has(place as HostName)) throw nowhere(name, `the inventory has no ${place}`);
  return place as HostName;
}

/** For `signalbox check`: what is configured, or that it can never work. */
export function describeConsole(inventory: Inventory, on: ConsoleOn, what: string): string {
  if (on === 'hypervisor' || inventory.hosts.has(on)) return `${what} on ${on}`;
  throw nowhere(on, 'it is not in the inventory');
}

function nowhere(name: string, because: string): Failure {
  return new Failure({
    code: 'console.nowhere',
    problem: `nobody has the console of ${name}`,
    because,
    effect: 'none',
    next: 'Correct zones.….drivers.console in signalbox.yaml, or the inventory.',
  });
}
