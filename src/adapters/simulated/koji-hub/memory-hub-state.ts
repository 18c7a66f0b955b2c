import type { HubHost, HubHostChange, HubState, HubTask } from './hub-state.ts';

/** What a test or a lab says about a host; the rest is an idle, enabled x86_64 builder. */
export type HubHostSeed = Partial<HubHost> & Pick<HubHost, 'name'>;
/** What a test or a lab says about a task; the rest is an open `build` of nobody. */
export type HubTaskSeed = Partial<HubTask> & Pick<HubTask, 'id'>;

export interface MemoryHubState extends HubState {
  host(name: string): HubHost;
  task(id: number): HubTask;
  /** Adds a host, or changes the one of that name. */
  putHost(seed: HubHostSeed): void;
  /** Adds a task, or changes the one of that id. */
  putTask(seed: HubTaskSeed): void;
  advance(ms: number): void;
}

export interface MemoryHubSeed {
  readonly hosts?: readonly HubHostSeed[];
  readonly tasks?: readonly HubTaskSeed[];
  /** Milliseconds since 1970; stands still until `advance`. */
  readonly now?: number;
}

/** A hub's world in memory, with a clock that is moved by hand. */
export function memoryHubState(seed: MemoryHubSeed = {}): MemoryHubState {
  const hosts = new Map<string, HubHost>();
  const tasks = new Map<number, HubTask>();
  let now = seed.now ?? Date.UTC(2026, 10, 21);

  const host = (name: string) => hosts.get(name) ?? missing(`host ${name}`);
  const task = (id: number) => tasks.get(id) ?? missing(`task ${id}`);
  const state: MemoryHubState = {
    now: () => now,
    hosts: () => [...hosts.values()],
    tasks: () => [...tasks.values()],
    host,
    task,
    changeHost: (id, change: HubHostChange) => {
      const old = state.hosts().find((each) => each.id === id) ?? missing(`host ${id}`);
      hosts.set(old.name, { ...old, ...change });
    },
    freeTask: (id) => void tasks.set(id, { ...task(id), state: 'free', hostId: undefined }),
    cancelTask: (id) =>
      void tasks.set(id, { ...task(id), state: 'canceled', completedAt: state.now() }),
    putHost: (given) => {
      const old = hosts.get(given.name) ?? newHost(given.name, hosts.size + 1, now);
      hosts.set(given.name, { ...old, ...given });
    },
    putTask: (given) =>
      void tasks.set(given.id, { ...(tasks.get(given.id) ?? newTask(given.id, now)), ...given }),
    advance: (ms) => {
      now += ms;
    },
  };
  for (const given of seed.hosts ?? []) state.putHost(given);
  for (const given of seed.tasks ?? []) state.putTask(given);
  return state;
}

function newHost(name: string, id: number, now: number): HubHost {
  return {
    id,
    name,
    arches: 'x86_64 i386',
    capacity: 4,
    taskLoad: 0,
    enabled: true,
    ready: true,
    comment: undefined,
    description: undefined,
    checkedInAt: now,
    channels: ['default'],
  };
}

function newTask(id: number, now: number): HubTask {
  return {
    id,
    method: 'build',
    request: [],
    arch: 'noarch',
    state: 'open',
    hostId: undefined,
    parent: undefined,
    waiting: false,
    owner: 'nobody',
    createdAt: now,
    startedAt: now,
    completedAt: undefined,
  };
}

function missing(what: string): never {
  throw new Error(`the hub's world has no ${what}`);
}
