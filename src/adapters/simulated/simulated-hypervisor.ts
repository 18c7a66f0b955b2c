import { Failure } from '../../domain/failure.ts';
import type { Hypervisor } from '../../jobs/ports/hypervisor.ts';
import type { Fleet } from './fleet/fleet.ts';
import {
  defineGuest,
  discardOldRoot,
  makeFreshDisks,
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
    async undefine(name) {
      undefineGuest(fleet.world(), reach(name));
    },
    async freshDisks(name, installation) {
      const host = reach(name);
      if (host.state !== 'off') {
        throw refused(name, 'hypervisor.running', 'its root disk is in use: it runs');
      }
      makeFreshDisks(fleet.world(), host, installation);
    },
    async define(name, definition) {
      defineGuest(fleet.world(), reach(name), definition);
    },
    async start(name) {
      defined(name);
      startGuest(fleet.world(), reach(name));
    },
    async discardOld(name) {
      discardOldRoot(fleet.world(), reach(name));
    },
  };
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
