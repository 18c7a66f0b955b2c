import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';

const TEN_MINUTES_MS = 10 * 60_000;
const FIRST_ID = 9_001;

/** Gives a builder something to build from now on, for so long by the lab's time. Gives what ends it early. */
export function longBuild(fleet: Fleet, host: string, lengthMs = TEN_MINUTES_MS): () => void {
  const world = fleet.world();
  let id = FIRST_ID;
  while (world.tasks.has(id)) id += 1;
  world.tasks.set(id, {
    id,
    method: 'buildArch',
    pkg: 'glibc',
    startedAt: world.settledAt,
    lengthMs,
    state: 'open',
    host,
    completedAt: undefined,
    stalled: false,
  });
  return () => {
    const { tasks, settledAt } = fleet.world();
    const task = tasks.get(id);
    if (task !== undefined) Object.assign(task, { state: 'closed', completedAt: settledAt });
  };
}
