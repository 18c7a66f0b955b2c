import { Failure } from '../../../domain/failure.ts';
import type { BuildFarm, BuildTask } from '../../../jobs/ports/build-farm.ts';
import {
  LoggedInUser,
  MaybeTaskState,
  MaybeTaskStates,
  PermissionNames,
  TASK_ASSIGNED,
  TASK_OPEN,
  type TaskInfo,
  TaskList,
  type TaskState,
} from './hub-answers.ts';
import type { HubQuestions } from './hub-questions.ts';
import { KOJI_FAULT, KojiFault } from './koji-fault.ts';
import { taskLabel } from './task-label.ts';
import { toMs } from './to-ms.ts';

export type FarmTasks = Pick<BuildFarm, 'rights' | 'requeue' | 'cancel'> & {
  /** Open on the host or assigned to it. */
  heldBy(hostId: number, signal: AbortSignal): Promise<readonly BuildTask[]>;
};

const OUTSTANDING: readonly number[] = [TASK_OPEN, TASK_ASSIGNED];
// `freeTask` and `cancelTask` in kojihub/kojihub.py: the one is for administrators, the other for owners as well.
const ADMINISTRATOR = 'admin';

export function farmTasks({ hubName, ask, change }: HubQuestions): FarmTasks {
  async function taskState(task: number, signal: AbortSignal): Promise<TaskState> {
    const state = await ask(MaybeTaskState, signal, 'getTaskInfo', task);
    if (state === null) throw unknownTask(hubName, task);
    return state;
  }

  /** Carries out what makes the task leave its host, unless it has left it already. */
  async function makeLeave(method: 'freeTask' | 'cancelTask', task: number, signal: AbortSignal) {
    const before = await taskState(task, signal);
    if (!OUTSTANDING.includes(before.state)) return;
    const hasLeft = async () => leftHost(before, await taskState(task, signal));
    await change({ method, params: [task] }, signal, hasLeft).catch(async (error: unknown) => {
      // Also what the hub says when a free task is freed: its check takes state 0 for none.
      if (isGenericFault(error) && (await hasLeft())) return;
      throw error;
    });
  }

  async function ownOf(tasks: readonly number[], userId: number, signal: AbortSignal) {
    const states = await ask(MaybeTaskStates, signal, 'getTaskInfo', [...tasks]);
    const own = states.filter((state) => state !== null && state.owner === userId);
    return tasks.filter((task) => own.some((state) => state?.id === task));
  }

  return {
    async heldBy(hostId, signal) {
      const filter = { host_id: hostId, state: [...OUTSTANDING], decode: true };
      const tasks = await ask(TaskList, signal, 'listTasks', filter, { order: 'id' });
      return tasks.map(toBuildTask);
    },
    async rights(tasks, signal) {
      // With those that come from groups. Source: `get_user_perms` in kojihub/auth.py.
      const permissions = await ask(PermissionNames, signal, 'getPerms');
      if (permissions.includes(ADMINISTRATOR)) {
        return { requeue: tasks, cancel: tasks, lacking: undefined };
      }
      const user = await ask(LoggedInUser, signal, 'getLoggedInUser');
      const cancel = user === null ? [] : await ownOf(tasks, user.id, signal);
      const lacking = `${user?.name ?? 'the bot'} lacks the permission ${ADMINISTRATOR} in koji`;
      return { requeue: [], cancel, lacking };
    },
    requeue: (task, signal) => makeLeave('freeTask', task, signal),
    cancel: (task, signal) => makeLeave('cancelTask', task, signal),
  };
}

function leftHost(before: TaskState, now: TaskState): boolean {
  return !OUTSTANDING.includes(now.state) || now.host_id !== before.host_id;
}

function toBuildTask(task: TaskInfo): BuildTask {
  return {
    id: task.id,
    label: taskLabel(task),
    // A task that was freed once keeps its old start time.
    startedAt: task.state === TASK_OPEN ? toMs(task.start_ts) : undefined,
    waitsForChildren: task.state === TASK_OPEN && task.waiting === true,
  };
}

function isGenericFault(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof KojiFault && cause.code === KOJI_FAULT.generic;
}

function unknownTask(hub: string, task: number): Failure {
  return new Failure({
    code: 'koji.unknown-task',
    problem: `koji at ${hub} has no task ${task}`,
    because: 'the hub does not know this number',
    effect: 'none',
    next: 'Nothing was changed. List the tasks of the builder again.',
  });
}
