import type { HubHost, HubState, HubTask } from './hub-state.ts';

const READY_MS = 180_000;
const ASSIGN_MS = 300_000;
const HOST_MS = 900_000;

/**
 * What the hub does by itself about builders that fall silent. It looks at enabled hosts only: what a disabled one
 * holds stays there for ever, and it stays `ready`. Source: kojihub/scheduler.py, `check_active_tasks`, `check_hosts`.
 */
export function runScheduler(state: HubState): void {
  const now = state.now();
  for (const host of state.hosts().filter(({ enabled }) => enabled)) {
    for (const task of state.tasks()) if (isAbandoned(task, host, now)) state.freeTask(task.id);
    const silentSince = host.checkedInAt ?? 0;
    if (host.ready && now - silentSince > READY_MS) state.changeHost(host.id, { ready: false });
  }
}

function isAbandoned(task: HubTask, host: HubHost, now: number): boolean {
  if (task.hostId !== host.id) return false;
  // The hub counts from the moment it was assigned, which is no earlier.
  if (task.state === 'assigned') return now - task.createdAt > ASSIGN_MS;
  return task.state === 'open' && now - (host.checkedInAt ?? task.createdAt) > HOST_MS;
}
