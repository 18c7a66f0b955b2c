import type { HubHost, HubState, HubTask } from '../koji-hub/hub-state.ts';
import { cancelTask, requeueTask, setComment, setEnabled } from './build-system.ts';
import type { Fleet } from './fleet.ts';
import type { LabBuilder, LabTask } from './world.ts';

const CAPACITY = 4;

/** What the simulated koji hub shows of a fleet. Its clock is the wall clock. */
export function fleetHubState(fleet: Fleet): HubState {
  const { clock } = fleet;
  const builderOf = (id: number) =>
    [...fleet.world().builders.values()].find((builder) => builder.id === id) ?? missing(id);
  const taskOf = (id: number) => fleet.world().tasks.get(id) ?? missing(id);
  return {
    now: () => clock.wall(clock.now()),
    hosts: () => [...fleet.world().builders.values()].map((builder) => toHubHost(fleet, builder)),
    tasks: () => [...fleet.world().tasks.values()].map((task) => toHubTask(fleet, task)),
    changeHost(id, { enabled, comment }) {
      const builder = builderOf(id);
      if (enabled !== undefined) setEnabled(fleet.world(), builder, enabled);
      if (comment !== undefined) setComment(fleet.world(), builder, comment);
    },
    freeTask: (id) => requeueTask(fleet.world(), taskOf(id)),
    cancelTask: (id) => cancelTask(fleet.world(), taskOf(id)),
  };
}

function toHubHost(fleet: Fleet, { id, host, enabled, comment, checkedInAt }: LabBuilder): HubHost {
  const { architecture, kojidSince } = fleet.host(host);
  const open = [...fleet.world().tasks.values()].filter((task) => isOpenOn(task, host));
  return {
    id,
    name: host,
    arches: architecture,
    capacity: CAPACITY,
    taskLoad: open.length,
    enabled,
    ready: kojidSince !== undefined,
    comment: comment === '' ? undefined : comment,
    description: undefined,
    checkedInAt: checkedInAt === undefined ? undefined : fleet.clock.wall(checkedInAt),
    channels: ['default'],
  };
}

function toHubTask(fleet: Fleet, task: LabTask): HubTask {
  const { id, method, pkg, state, host, startedAt, completedAt } = task;
  const { builders, hosts } = fleet.world();
  const builder = host === undefined ? undefined : builders.get(host);
  const { clock } = fleet;
  return {
    id,
    method,
    request: [`git+https://src.lab/rpms/${pkg}.git#main`],
    arch: hosts.get(host ?? '')?.architecture ?? 'noarch',
    state,
    hostId: builder?.id,
    parent: undefined,
    waiting: false,
    owner: 'packager',
    createdAt: clock.wall(startedAt),
    startedAt: state === 'free' ? undefined : clock.wall(startedAt),
    completedAt: completedAt === undefined ? undefined : clock.wall(completedAt),
  };
}

function isOpenOn(task: LabTask, host: string): boolean {
  return task.host === host && task.state === 'open';
}

function missing(id: number): never {
  throw new Error(`the lab's build system has no ${id}`);
}
