import { Failure } from '../../domain/failure.ts';
import type { Fence, Hypervisor } from '../../jobs/ports/hypervisor.ts';
import type { Fleet } from './fleet/fleet.ts';
import {
  defineGuest,
  discardOldRoot,
  makeFreshDisks,
  shutDownGuest,
  startGuest,
  undefineGuest,
} from './fleet/installations.ts';
import { answers } from './fleet/lab-host.ts';

/** The hypervisors of a fleet. One that is down refuses everything. */
export function simulatedHypervisor(fleet: Fleet): Hypervisor {
  const reach = (name: string) => {
    const guest = fleet.world().hosts.get(name);
    if (guest?.kind !== 'virtual')
      throw refused(name, 'hypervisor.unknown-guest', 'no hypervisor has it');
    const below = guest.hypervisor && fleet.world().hosts.get(guest.hypervisor);
    if (below && !answers(below)) {
      throw refused(name, 'hypervisor.unreachable', `${below.name} is ${below.state}`);
    }
    return guest;
  };
  const defined = (name: string) => {
    const { definition } = reach(name).guest;
    if (definition !== undefined) return definition;
    throw refused(name, 'hypervisor.not-defined', 'it is not defined');
  };
  const act = (name: string, { op, epoch }: Fence) => {
    const host = reach(name);
    const newest = host.guest.epochs.get(op) ?? epoch;
    if (newest > epoch) throw superseded(name, op, `epoch ${newest} has been there`);
    host.guest.epochs.set(op, epoch);
    return host;
  };
  return {
    async check(name, image) {
      defined(name);
      if (!fleet.world().faults.strike(name, 'prepare')) return;
      throw refused(name, 'hypervisor.image-missing', `there is no image ${image}`);
    },
    async state(name) {
      const { guest, state } = reach(name);
      if (guest.definition === undefined) return 'absent';
      return state === 'off' ? 'off' : 'running';
    },
    async definition(name) {
      return defined(name);
    },
    async builtFor(name) {
      const { guest } = reach(name);
      return guest.definition && guest.builtFor;
    },
    async undefine(name, fence) {
      undefineGuest(fleet.world(), act(name, fence));
    },
    async freshDisks(name, _definition, installation) {
      const host = act(name, installation);
      if (host.state !== 'off') {
        throw refused(name, 'hypervisor.running', 'its root disk is in use: it runs');
      }
      makeFreshDisks(fleet.world(), host, installation);
    },
    async define(name, definition, installation) {
      const host = act(name, installation);
      if (host.guest.builtFor !== installation.op) {
        throw refused(name, 'hypervisor.not-fresh', `its disk is not made for ${installation.op}`);
      }
      defineGuest(fleet.world(), host, definition);
    },
    async start(name, fence) {
      const host = act(name, fence);
      defined(name);
      startGuest(fleet.world(), host);
    },
    async shutDown(name, fence) {
      const host = act(name, fence);
      if (host.guest.definition !== undefined) shutDownGuest(fleet.world(), host);
    },
    async discardOld(name, fence) {
      discardOldRoot(fleet.world(), act(name, fence));
    },
  };
}

function superseded(guest: string, op: string, because: string): Failure {
  return new Failure({
    code: 'ssh.claim-superseded',
    problem: `The hypervisor refuses ${guest}`,
    because,
    effect: 'none',
    next: `Nothing was started. Another worker has taken ${op} over; leave it to that one.`,
  });
}

function refused(guest: string, code: string, because: string): Failure {
  const next = `Nothing was changed. Look at ${guest} on its hypervisor, then retry.`;
  return new Failure({
    code,
    problem: `The hypervisor refuses ${guest}`,
    because,
    effect: 'none',
    next,
  });
}
