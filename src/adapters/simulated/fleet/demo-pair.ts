import type { Fleet } from './fleet.ts';
import type { HostSeed } from './host-seed.ts';
import { cutPower } from './life-cycle.ts';

export const PAIR_NODES = ['node1', 'node2'] as const;
/** It may run on one of them only. */
export const PAIR_UNIT = 'scheduler';
export const PAIR_POOL = 'compute-builders';

/** Two nodes that can serve `compute`, and builders that run on the one that does not. */
export const PAIR_HOSTS: readonly HostSeed[] = [
  ...PAIR_NODES.map((name): HostSeed => ({ name, kind: 'metal' })),
  pairBuilder('compute-builder-01', 'node1', { enabled: false, comment: 'swap, op-before, ana' }),
  pairBuilder('compute-builder-02', 'node2', {}),
];

/** As it is when node1 has been active for a while. */
export function standPair(fleet: Fleet): void {
  fleet.host('node1').system.services.add(PAIR_UNIT);
  cutPower(fleet.world(), fleet.host('compute-builder-01'));
}

function pairBuilder(
  name: string,
  hypervisor: string,
  builder: NonNullable<HostSeed['builder']>,
): HostSeed {
  return { name, kind: 'virtual', hypervisor, builder };
}
