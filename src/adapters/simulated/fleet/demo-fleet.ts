import { createFleet, type Fleet, type TaskSeed } from './fleet.ts';
import type { HostSeed } from './host-seed.ts';
import { type LabClock, labClock } from './lab-clock.ts';

export interface DemoFleetOptions {
  readonly seed?: string;
  /** At the speed of the wall clock when absent. */
  readonly clock?: LabClock;
  /** Hosts besides those of the farm. */
  readonly more?: readonly HostSeed[];
}

const DEMO_IMAGE = 'f43-builder@2026.10.04';

const BUILDERS = 20;
const ARM_BUILDERS = [17, 18, 19, 20];
const MINUTE = 60_000;

const TASKS: readonly TaskSeed[] = [
  task('builder-07', 'buildArch', 'kernel', 31, 12),
  task('builder-07', 'buildArch', 'systemd', 6, 6),
  task('builder-03', 'buildArch', 'gcc', 55, 25),
  task('builder-12', 'buildSRPMFromSCM', 'bash', 0.5, 0.5),
  task('builder-18', 'buildArch', 'glibc', 12, 9),
];

/**
 * Twenty builders, the odd ones virtual on two hypervisors and the even ones metal, four of them aarch64, and a bastion.
 * Some build; builder-07 builds two things; builder-11 was disabled by somebody.
 */
export function demoFleet({
  seed = 'demo',
  clock = labClock(),
  more = [],
}: DemoFleetOptions = {}): Fleet {
  const numbers = Array.from({ length: BUILDERS }, (_, place) => place + 1);
  const hosts = [
    ...['bastion-01', 'vhost-01', 'vhost-02'].map(support),
    ...numbers.map(builder),
    ...more,
  ];
  return createFleet({ clock, seed, hosts, tasks: TASKS });
}

function support(name: string): HostSeed {
  return { name, kind: 'metal' };
}

function builder(number: number): HostSeed {
  const isVirtual = number % 2 === 1;
  const disabled = { enabled: false, comment: 'disk is failing, kevin' };
  return {
    name: `builder-${String(number).padStart(2, '0')}`,
    kind: isVirtual ? 'virtual' : 'metal',
    architecture: ARM_BUILDERS.includes(number) ? 'aarch64' : 'x86_64',
    ...(isVirtual ? { hypervisor: number % 4 === 1 ? 'vhost-01' : 'vhost-02' } : {}),
    image: DEMO_IMAGE,
    disks: [
      { name: 'vda', persistent: false },
      { name: 'vdb', persistent: true },
    ],
    builder: number === 11 ? disabled : {},
  };
}

function task(
  host: string,
  method: string,
  pkg: string,
  sinceMinutes: number,
  leftMinutes: number,
): TaskSeed {
  return { host, method, pkg, sinceMs: sinceMinutes * MINUTE, leftMs: leftMinutes * MINUTE };
}
