import { Failure } from '../../domain/failure.ts';
import type { BuildFarm, BuildTask } from '../../jobs/ports/build-farm.ts';
import { cancelTask, requeueTask, setComment, setEnabled } from './fleet/build-system.ts';
import type { Fleet } from './fleet/fleet.ts';
import type { LabBuilder, LabTask } from './fleet/world.ts';

/** The build system of a fleet. Its clock is the wall clock, like that of whoever asks. */
export function simulatedFarm(fleet: Fleet): BuildFarm {
  const builderOf = (name: string) => {
    const builder = fleet.world().builders.get(name);
    if (builder === undefined) throw unknownBuilder(name);
    return builder;
  };
  const taskOf = (id: number) => {
    const task = fleet.world().tasks.get(id);
    if (task === undefined) throw unknownTask(id);
    return task;
  };
  const wall = (labMs: number) => fleet.clock.wall(labMs);
  const change = (name: string, enabled: boolean, comment: string) => {
    const builder = builderOf(name);
    setEnabled(fleet.world(), builder, enabled);
    setComment(fleet.world(), builder, comment);
  };
  return {
    async builder(name) {
      const { enabled, comment, checkedInAt } = builderOf(name);
      const ready = fleet.host(name).kojidSince !== undefined;
      const shown = checkedInAt === undefined ? undefined : wall(checkedInAt);
      return { enabled, comment, ready, checkedInAt: shown };
    },
    async tasks(name) {
      const { host } = builderOf(name);
      const mine = [...fleet.world().tasks.values()].filter((task) => task.host === host);
      return mine.filter(({ state }) => state === 'open').map((task) => toBuildTask(task, wall));
    },
    async outOfService(names) {
      const { builders } = fleet.world();
      // A host that the build system does not have takes no work from it either.
      return names.filter((name) => !takesWork(builders.get(name)));
    },
    async rights(tasks) {
      return { requeue: tasks, cancel: tasks, lacking: undefined };
    },
    async disable(name, comment) {
      change(name, false, comment);
    },
    async enable(name, comment) {
      change(name, true, comment);
    },
    async requeue(id) {
      requeueTask(fleet.world(), taskOf(id));
    },
    async cancel(id) {
      const task = taskOf(id);
      if (task.state === 'open') cancelTask(fleet.world(), task);
    },
  };
}

function takesWork(builder: LabBuilder | undefined): boolean {
  return builder?.enabled === true;
}

function toBuildTask(
  { id, method, pkg, startedAt }: LabTask,
  wall: (labMs: number) => number,
): BuildTask {
  return {
    id,
    label: `${method} ${pkg}`,
    startedAt: wall(startedAt),
    waitsForChildren: false,
  };
}

function unknownBuilder(name: string): Failure {
  return new Failure({
    code: 'farm.unknown-builder',
    problem: `The build system has no builder ${name}`,
    because: 'none of that name is simulated',
    effect: 'none',
    next: `Check build-name of ${name} in the inventory.`,
  });
}

function unknownTask(id: number): Failure {
  return new Failure({
    code: 'farm.unknown-task',
    problem: `The build system has no task ${id}`,
    because: 'none of that number is simulated',
    effect: 'none',
    next: 'Look at the tasks of the builder again.',
  });
}
