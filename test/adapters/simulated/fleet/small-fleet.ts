import { demoFleet } from '../../../../src/adapters/simulated/fleet/demo-fleet.ts';
import { leapingClock } from '../../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { simulatedPorts } from '../../../../src/adapters/simulated/simulated-ports.ts';
import { HostName, ImageId, OpId } from '../../../../src/domain/ids.ts';
import type { Installation } from '../../../../src/jobs/ports/installer.ts';

export const MINUTE = 60_000;
export const METAL = HostName.parse('builder-08');
export const GUEST = HostName.parse('builder-09');
export const BUSY = HostName.parse('builder-07');
export const OP = OpId.parse('op-7k2m');
export const IMAGE = ImageId.parse('f43-builder@2026.11.18');
export const { signal } = new AbortController();

export function installation(change: Partial<Installation> = {}): Installation {
  return { op: OP, image: IMAGE, nonce: 'nonce-1', epoch: 1, ...change };
}

/** The demo's farm under a clock that stands still, with every port. */
export function lab() {
  const clock = leapingClock();
  const fleet = demoFleet({ clock });
  const ports = simulatedPorts(fleet);
  return { clock, fleet, ports, ...actions(fleet, ports) };
}

function actions(
  fleet: ReturnType<typeof demoFleet>,
  { reports, installer, hypervisor, hostKeys }: ReturnType<typeof simulatedPorts>,
) {
  return {
    async reinstallMetal(host = METAL) {
      await reports.open(host, installation(), signal);
      await installer.arm(host, installation(), signal);
      await installer.fire(host, signal);
    },
    async reinstallGuest(host = GUEST) {
      const definition = await hypervisor.definition(host, signal);
      await reports.open(host, installation(), signal);
      await hypervisor.undefine(host, installation(), signal);
      await hypervisor.freshDisks(host, definition, installation(), signal);
      await hypervisor.define(host, definition, installation(), signal);
      await hypervisor.start(host, installation(), signal);
    },
    async trustNewKey(host: HostName) {
      await hostKeys.replace(host, fleet.host(host).system.hostKey.publicKey, 'a test');
    },
  };
}
