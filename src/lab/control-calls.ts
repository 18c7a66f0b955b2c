import * as z from 'zod';
import { CALLS } from '../adapters/infra/lab/control-protocol.ts';
import { FAULTS, type FaultKind, isFaultKind } from '../adapters/simulated/fleet/faults.ts';
import type { Fleet } from '../adapters/simulated/fleet/fleet.ts';
import { simulatedHypervisor } from '../adapters/simulated/simulated-hypervisor.ts';
import { simulatedInstaller } from '../adapters/simulated/simulated-installer.ts';
import { simulatedReports } from '../adapters/simulated/simulated-reports.ts';

/** A call with its arguments still to be checked; a ZodError when they are wrong. */
export type ControlCall = (args: unknown, signal: AbortSignal) => unknown;

/** Everything that can be asked for, by its path. */
export function controlCalls(fleet: Fleet): ReadonlyMap<string, ControlCall> {
  const calls = { ...installerCalls(fleet), ...reportCalls(fleet), ...hypervisorCalls(fleet) };
  return new Map(Object.entries({ ...calls, ...labCalls(fleet) }));
}

/** Parses the arguments and passes them on. */
function call<Args extends readonly unknown[]>(
  shape: z.ZodType<Args>,
  run: (...args: [...Args, AbortSignal]) => unknown,
): ControlCall {
  return (args, signal) => run(...shape.parse(args), signal);
}

function installerCalls(fleet: Fleet): Record<string, ControlCall> {
  const port = simulatedInstaller(fleet);
  const shapes = CALLS.installer;
  return {
    '/installer/check': call(shapes.check, port.check),
    '/installer/arm': call(shapes.arm, port.arm),
    '/installer/armedFor': call(shapes.armedFor, port.armedFor),
    '/installer/disarm': call(shapes.disarm, port.disarm),
    '/installer/fire': call(shapes.fire, port.fire),
  };
}

function reportCalls(fleet: Fleet): Record<string, ControlCall> {
  const port = simulatedReports(fleet);
  const shapes = CALLS.reports;
  return {
    '/reports/open': call(shapes.open, port.open),
    '/reports/reportOf': call(shapes.reportOf, port.reportOf),
    '/reports/close': call(shapes.close, port.close),
  };
}

function hypervisorCalls(fleet: Fleet): Record<string, ControlCall> {
  const port = simulatedHypervisor(fleet);
  const shapes = CALLS.hypervisor;
  return {
    '/hypervisor/check': call(shapes.check, port.check),
    '/hypervisor/state': call(shapes.state, port.state),
    '/hypervisor/definition': call(shapes.definition, port.definition),
    '/hypervisor/builtFor': call(shapes.builtFor, port.builtFor),
    '/hypervisor/undefine': call(shapes.undefine, port.undefine),
    '/hypervisor/freshDisks': call(shapes.freshDisks, port.freshDisks),
    '/hypervisor/define': call(shapes.define, port.define),
    '/hypervisor/start': call(shapes.start, port.start),
    '/hypervisor/shutDown': call(shapes.shutDown, port.shutDown),
    '/hypervisor/discardOld': call(shapes.discardOld, port.discardOld),
  };
}

const Fault = z.custom<FaultKind>(
  (word) => typeof word === 'string' && isFaultKind(word),
  `expected one of ${Object.keys(FAULTS).join(', ')}`,
);

/** What breaks and mends the lab on purpose. */
function labCalls(fleet: Fleet): Record<string, ControlCall> {
  const Host = z.string().refine((name) => fleet.world().hosts.has(name), 'no such host');
  return {
    '/lab/status': call(z.tuple([]), () => statusOf(fleet)),
    '/lab/fail': call(z.tuple([Host, Fault, z.int().min(1)]), (host, kind, times) =>
      fleet.fail(host, kind, times),
    ),
    '/lab/heal': call(z.tuple([Host]), (host) => fleet.heal(host)),
    '/lab/power-cycle': call(z.tuple([Host]), (host) => fleet.powerCycle(host)),
  };
}

function statusOf(fleet: Fleet): Record<string, string> {
  const hosts = [...fleet.world().hosts.values()];
  return Object.fromEntries(hosts.map(({ name, state }) => [name, state]));
}
