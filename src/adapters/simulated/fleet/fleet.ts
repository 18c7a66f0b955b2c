import { parseScriptCall } from '../../infra/ssh/script-call.ts';
import { startKojid } from './check-in.ts';
import { simulatedCommand, unwrapped } from './commands.ts';
import { countEffects, type Effect } from './effects.ts';
import { type FaultKind, faults } from './faults.ts';
import { addHost, type HostSeed } from './host-seed.ts';
import type { LabClock } from './lab-clock.ts';
import type { LabHost, LabProcess } from './lab-host.ts';
import { cutPower, powerOn } from './life-cycle.ts';
import { startProcess } from './processes.ts';
import { scriptCommand } from './script-commands.ts';
import { seededRandom } from './seeded-random.ts';
import { settle } from './settle.ts';
import { record, type World } from './world.ts';

/** A task that a builder is running when the lab starts. */
export interface TaskSeed {
  readonly host: string;
  readonly method: string;
  readonly pkg: string;
  /** How long it has been running, and how long it takes from now on. */
  readonly sinceMs: number;
  readonly leftMs: number;
}

export interface FleetOptions {
  readonly clock: LabClock;
  /** The same seed gives the same ids and keys. */
  readonly seed?: string;
  readonly hosts: readonly HostSeed[];
  readonly tasks?: readonly TaskSeed[];
  /** Commands that the simulation does not know succeed, and each builder starts its daemon by itself. */
  readonly anyCommand?: boolean;
}

/** A build farm in memory. Whatever is asked of it first lets everything happen that is due by its clock. */
export interface Fleet {
  readonly clock: LabClock;
  /** The world up to the clock's moment. */
  world(): World;
  /** The world up to this moment of the lab, which must not lie before an earlier one. */
  at(now: number): World;
  /** A host of this fleet, as it is now. An error when there is none of that name. */
  host(name: string): LabHost;
  /** Starts a command on a host that answers; an error when it does not. */
  exec(host: string, argv: readonly string[], stdin?: string | Uint8Array): LabProcess;
  /** Off and on again, in whatever state it is. What was armed fires. */
  powerCycle(host: string): void;
  /** It goes wrong this many times from now on. */
  fail(host: string, kind: FaultKind, times?: number): void;
  /** Nothing goes wrong any more: of this kind, or of any. */
  heal(host: string, kind?: FaultKind): void;
  /** Everything that has happened so far, oldest first. */
  readonly effects: readonly Effect[];
  /** How often something happened. */
  count(wanted: Partial<Omit<Effect, 'at'>>): number;
}

export function createFleet({
  clock,
  seed = 'lab',
  hosts,
  tasks = [],
  anyCommand = false,
}: FleetOptions): Fleet {
  const world = emptyWorld(clock, seed, anyCommand);
  for (const host of hosts) addHost(world, host);
  for (const task of tasks) addTask(world, task);
  for (const host of world.hosts.values()) startKojid(world, host);
  const at = (now: number) => {
    settle(world, now);
    return world;
  };
  const host = (name: string) => known(at(clock.now()), name);
  return {
    clock,
    world: () => at(clock.now()),
    at,
    host,
    exec: (name, argv, stdin = '') => execute(world, host(name), argv, Buffer.from(stdin)),
    powerCycle(name) {
      const target = host(name);
      record(world, { host: name, kind: 'power-cycle' });
      cutPower(world, target);
      powerOn(world, target);
    },
    fail: (name, kind, times = 1) => world.faults.set(host(name).name, kind, times),
    heal: (name, kind) => world.faults.clear(host(name).name, kind),
    get effects() {
      return at(clock.now()).effects;
    },
    count: (wanted) => countEffects(at(clock.now()).effects, wanted),
  };
}

function emptyWorld(clock: LabClock, seed: string, anyCommand: boolean): World {
  return {
    anyCommand,
    clock,
    random: seededRandom(seed),
    faults: faults(),
    hosts: new Map(),
    builders: new Map(),
    tasks: new Map(),
    tokens: new Map(),
    effects: [],
    settledAt: clock.now(),
  };
}

const FIRST_TASK = 4101;

function addTask(world: World, { host, method, pkg, sinceMs, leftMs }: TaskSeed): void {
  const id = FIRST_TASK + world.tasks.size;
  const startedAt = world.settledAt - sinceMs;
  const lengthMs = sinceMs + leftMs;
  const fresh = { state: 'open', completedAt: undefined, stalled: false } as const;
  world.tasks.set(id, { id, method, pkg, startedAt, lengthMs, host, ...fresh });
}

function execute(world: World, host: LabHost, argv: readonly string[], stdin: Buffer): LabProcess {
  if (host.bootId === undefined) throw new Error(`${host.name} is ${host.state}`);
  const place = { world, host, stdin };
  const call = parseScriptCall(unwrapped(argv));
  const command = call ? scriptCommand(place, call) : simulatedCommand(place, argv);
  return startProcess(place, command);
}

function known(world: World, name: string): LabHost {
  const host = world.hosts.get(name);
  if (host === undefined) throw new Error(`the lab has no host ${name}`);
  return host;
}
