import type { SetStage } from '../../bot/rehearsal/stage.ts';
import type { HostName } from '../../domain/ids.ts';
import type { Host, Inventory } from '../../domain/inventory.ts';
import type { Service } from '../../domain/service.ts';
import { type ZoneWorld, zoneWorld } from './dns/zone-world.ts';
import { createFleet, type Fleet } from './fleet/fleet.ts';
import type { HostSeed } from './fleet/host-seed.ts';
import { leapingClock } from './fleet/leaping-clock.ts';
import { cutPower } from './fleet/life-cycle.ts';
import { memoryBookmarks } from './memory-bookmarks.ts';
import { memoryJournal } from './memory-journal.ts';
import { memoryStepLog } from './memory-step-log.ts';
import { memoryThreads } from './memory-threads.ts';
import { simulatedPorts } from './simulated-ports.ts';

/** A fleet of what it is about, idle and in service, in which time leaps. */
export const rehearsalStage: SetStage = (inventory, about, startAt) => {
  const clock = leapingClock(startAt);
  const service = 'service' in about ? inventory.services.get(about.service) : undefined;
  const hosts = 'host' in about ? hostAndBelow(inventory, about.host) : pairOf(inventory, service);
  const fleet = createFleet({ clock, seed: 'rehearsal', hosts, anyCommand: true });
  if (service !== undefined) standBy(fleet, service, inventory);
  const dnsZones = service ? [zoneOf(service, clock.now)] : [];
  return {
    ports: simulatedPorts(fleet, { inventory: { current: () => inventory }, dnsZones }),
    // Commands let time pass within a call, so leases are counted by a clock of their own.
    journal: memoryJournal({ now: clock.now, monotonic: () => 0 }),
    stepLog: memoryStepLog(),
    threads: memoryThreads(),
    bookmarks: memoryBookmarks(),
    now: clock.now,
    advance: clock.advance,
  };
};

function hostAndBelow({ hosts }: Inventory, name: HostName): readonly HostSeed[] {
  const host = hosts.get(name);
  const below = host?.hypervisor && hosts.get(host.hypervisor);
  return [below, host].flatMap((each) => (each ? [seedOf(each)] : []));
}

/** The members of a service and the builders on them. */
function pairOf({ hosts }: Inventory, service: Service | undefined): readonly HostSeed[] {
  const members = service?.members.map(({ host }) => host) ?? [];
  const builders = [...hosts.values()].filter(
    ({ pool, hypervisor }) =>
      pool !== undefined && pool === service?.builders && members.includes(hypervisor as HostName),
  );
  const all = [...members.map((name) => hosts.get(name)), ...builders];
  return all.flatMap((host) => (host ? [seedOf(host)] : []));
}

/** The first member is active: it runs what may run once, and no builders. */
function standBy(
  fleet: Fleet,
  { members: [active], units, builders }: Service,
  { hosts }: Inventory,
) {
  if (active === undefined) return;
  for (const unit of units.one) fleet.host(active.host).system.services.add(unit);
  for (const { name, pool, hypervisor } of hosts.values()) {
    if (builders === undefined || pool !== builders || hypervisor !== active.host) continue;
    const builder = fleet.world().builders.get(name);
    if (builder) Object.assign(builder, { enabled: false, comment: 'swap, op-before, rehearsal' });
    cutPower(fleet.world(), fleet.host(name));
  }
}

function zoneOf({ dns, members: [active] }: Service, now: () => number): ZoneWorld {
  const zone = dns.name.split('.').slice(1).join('.') || dns.name;
  const value = active?.pointsAt ?? dns.name;
  const record = { name: dns.name, type: 'CNAME', value, ttlS: dns.ttl } as const;
  return zoneWorld({ zone, servers: [{ name: `ns1.${zone}` }], records: [record], now });
}

function seedOf({ name, kind, architecture, hypervisor, image, disks, pool }: Host): HostSeed {
  return {
    name,
    kind,
    architecture,
    ...(hypervisor && { hypervisor }),
    ...(image && { image }),
    ...(disks.length > 0 && { disks }),
    ...(pool && { builder: {} }),
  };
}
