import type { SetStage } from '../../bot/rehearsal/stage.ts';
import type { Host } from '../../domain/inventory.ts';
import { createFleet } from './fleet/fleet.ts';
import type { HostSeed } from './fleet/host-seed.ts';
import { leapingClock } from './fleet/leaping-clock.ts';
import { memoryBookmarks } from './memory-bookmarks.ts';
import { memoryJournal } from './memory-journal.ts';
import { memoryStepLog } from './memory-step-log.ts';
import { memoryThreads } from './memory-threads.ts';
import { simulatedPorts } from './simulated-ports.ts';

/** A fleet of one host as the inventory has it, idle and in service, in which time leaps. */
export const rehearsalStage: SetStage = (inventory, name, startAt) => {
  const clock = leapingClock(startAt);
  const host = inventory.hosts.get(name);
  const below = host?.hypervisor && inventory.hosts.get(host.hypervisor);
  const hosts = [below, host].flatMap((each) => (each ? [seedOf(each)] : []));
  const fleet = createFleet({ clock, seed: 'rehearsal', hosts, anyCommand: true });
  return {
    ports: simulatedPorts(fleet, { inventory: { current: () => inventory } }),
    // Commands let time pass within a call, so leases are counted by a clock of their own.
    journal: memoryJournal({ now: clock.now, monotonic: () => 0 }),
    stepLog: memoryStepLog(),
    threads: memoryThreads(),
    bookmarks: memoryBookmarks(),
    now: clock.now,
    advance: clock.advance,
  };
};

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
