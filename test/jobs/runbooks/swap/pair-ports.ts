import { type ZoneWorld, zoneWorld } from '../../../../src/adapters/simulated/dns/zone-world.ts';
import { createFleet } from '../../../../src/adapters/simulated/fleet/fleet.ts';
import type { leapingClock } from '../../../../src/adapters/simulated/fleet/leaping-clock.ts';
import { cutPower } from '../../../../src/adapters/simulated/fleet/life-cycle.ts';
import { simulatedPorts } from '../../../../src/adapters/simulated/simulated-ports.ts';
import { healthyStorage } from '../../../../src/adapters/simulated/simulated-storage.ts';
import type { InventorySource, Ports } from '../../../../src/jobs/ports/ports.ts';

export const NAME_OF_PAIR = 'compute.example.org';

/** The pair's hosts, DNS servers and storage, and every port over them. */
export function pairPorts(clock: ReturnType<typeof leapingClock>, inventory: InventorySource) {
  const fleet = createFleet({
    clock,
    anyCommand: true,
    hosts: [
      { name: 'node1', kind: 'metal' },
      { name: 'node2', kind: 'metal' },
      { name: 'node3', kind: 'metal' },
      {
        name: 'builder-01',
        kind: 'virtual',
        hypervisor: 'node1',
        builder: { enabled: false, comment: 'swap, op-9xyz, ana' },
      },
      { name: 'builder-02', kind: 'virtual', hypervisor: 'node2', builder: {} },
    ],
  });
  cutPower(fleet.world(), fleet.host('builder-01'));
  fleet.host('node1').system.services.add('scheduler');
  fleet.host('node1').system.enabled.add('scheduler');
  const zone: ZoneWorld = zoneWorld({
    zone: 'example.org',
    servers: [{ name: 'ns1.example.org' }, { name: 'ns2.example.org' }],
    records: [{ name: NAME_OF_PAIR, type: 'CNAME', value: 'node1.example.org', ttlS: 300 }],
    now: clock.now,
  });
  const storage = healthyStorage();
  const ports: Ports = simulatedPorts(fleet, {
    inventory,
    dnsZones: [zone],
    storage,
  });
  return { fleet, zone, storage, ports };
}
