import { freeTask } from './build-system.ts';
import type { LabHost } from './lab-host.ts';
import { KOJID_CONF } from './lab-system.ts';
import type { World } from './world.ts';

const CHECK_IN_MS = 15_000;

/** It refuses to start without its configuration. Started already is no error. */
export function startKojid(world: World, host: LabHost): boolean {
  if (!world.anyCommand && !host.system.files.has(KOJID_CONF)) return false;
  if (host.kojidSince !== undefined) return true;
  if (world.faults.strike(host.name, 'koji-offline')) return true;
  host.kojidSince = world.settledAt;
  freeStale(world, host);
  return true;
}

/** What is open on its host and has no process there. Source: `updateTasks` in koji/daemon.py. */
function freeStale({ tasks }: World, host: LabHost): void {
  for (const task of tasks.values()) {
    if (task.host === host.name && task.state === 'open' && task.stalled) freeTask(task);
  }
}

export function stopKojid(world: World, host: LabHost): void {
  noteCheckIn(world, host);
  host.kojidSince = undefined;
}

/** The last check-in up to the moment at which the world stands. */
export function noteCheckIn(world: World, host: LabHost): void {
  const builder = world.builders.get(host.name);
  if (builder === undefined || host.kojidSince === undefined) return;
  const since = world.settledAt - host.kojidSince;
  builder.checkedInAt = host.kojidSince + Math.floor(since / CHECK_IN_MS) * CHECK_IN_MS;
}
