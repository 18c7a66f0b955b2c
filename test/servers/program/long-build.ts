import type { Fleet } from '../../../src/adapters/simulated/fleet/fleet.ts';

const LASTS_MS = 10 * 60_000;
const ID = 9_001;

/** Gives a builder something to build from now on: ten minutes of the lab's time. */
export function longBuild(fleet: Fleet, host: string): void {
  const world = fleet.world();
  world.tasks.set(ID, {
    id: ID,
    method: 'buildArch',
    pkg: 'glibc',
    startedAt: world.settledAt,
    lengthMs: LASTS_MS,
    state: 'open',
    host,
    completedAt: undefined,
    stalled: false,
  });
}
