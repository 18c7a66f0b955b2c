import { Failure } from '../../domain/failure.ts';
import type { PowerControl } from '../../jobs/ports/power-control.ts';
import type { Fleet } from './fleet/fleet.ts';
import { cutPower, powerOn } from './fleet/life-cycle.ts';

/** The management controllers of a fleet's metal hosts, which answer whatever the host does. */
export function simulatedPower(fleet: Fleet): PowerControl {
  const reach = (name: string) => {
    const host = fleet.world().hosts.get(name);
    if (host?.kind === 'metal') return host;
    throw new Failure({
      code: 'power.no-controller',
      problem: `the power of ${name} cannot be controlled`,
      because: 'it has no management controller',
      effect: 'none',
      next: `Stop ${name} in another way.`,
    });
  };
  return {
    async state(name) {
      return reach(name).state === 'off' ? 'off' : 'on';
    },
    async off(name) {
      const host = reach(name);
      if (host.state !== 'off') cutPower(fleet.world(), host);
    },
    async on(name) {
      const host = reach(name);
      if (host.state === 'off') powerOn(fleet.world(), host);
    },
  };
}
