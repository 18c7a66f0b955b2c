import type * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import { nearestWord } from '../../../domain/nearest-word.ts';
import type { Builder, BuildFarm, BuildTask } from '../../../jobs/ports/build-farm.ts';
import {
  type HostInfo,
  HostList,
  LoggedInUser,
  MaybeHostInfo,
  MaybeTaskState,
  PermissionNames,
  TASK_ASSIGNED,
  TASK_OPEN,
  type TaskInfo,
  TaskList,
  type TaskState,
  Version,
} from './hub-answers.ts';
import { KOJI_FAULT, KojiFault } from './koji-fault.ts';
import type { ChangeOutcome, KojiSession } from './session.ts';
import { taskLabel } from './task-label.ts';
import { keywords, type XmlRpcCall, type XmlRpcValue } from './xml-rpc-value.ts';

export interface KojiFarm extends BuildFarm {
  /** e.g. `koji 1.35.3 at koji.example.org, logged in as bot with a certificate, may: host`. */
  describe(signal: AbortSignal): Promise<string>;
}

export interface KojiFarmOptions {
  readonly session: KojiSession;
  /** The name a host has in koji. */
  readonly buildName: (host: HostName) => string;
}

const OUTSTANDING: readonly number[] = [TASK_OPEN, TASK_ASSIGNED];
// freeTask is for administrators only. Source: kojihub/kojihub.py, `freeTask`.
const MAY_FREE_TASKS = 'admin';

/** Source: `AUTHTYPES` in koji/__init__.py. */
const HOW: Readonly<Record<number, string>> = {
  0: ' with a password',
  2: ' with a certificate',
  3: ' with a Kerberos ticket',
};

/** Koji's builders. What is asked for twice is done once, because koji keeps a row for every change. */
export function kojiFarm({ session, buildName }: KojiFarmOptions): KojiFarm {
  async function ask<Answer>(
    shape: z.ZodType<Answer>,
    signal: AbortSignal,
    method: string,
    ...params: readonly XmlRpcValue[]
  ): Promise<Answer> {
    const answer = shape.safeParse(await session.read({ method, params }, signal));
    if (answer.success) return answer.data;
    throw unreadable(session.hubName, method, answer.error);
  }

  async function hostInfo(host: HostName, signal: AbortSignal): Promise<HostInfo> {
    const name = buildName(host);
    const info = await ask(MaybeHostInfo, signal, 'getHost', name);
    if (info !== null) return info;
    const known = await ask(HostList, signal, 'listHosts');
    throw unknownBuilder(session.hubName, name, nearestWord(name, known.map(nameOf)));
  }

  /** Sends the call once. Where the answer is lost, `isDone` looks whether it was carried out. */
  async function change(call: XmlRpcCall, signal: AbortSignal, isDone: () => Promise<boolean>) {
    const outcome = await session.change(call, signal);
    if (outcome.kind === 'answered' || (await looksDone(outcome, isDone))) return;
    throw outcome.failure;
  }

  async function setEnabled(host: HostName, enabled: boolean, signal: AbortSignal) {
    const info = await hostInfo(host, signal);
    if (info.enabled === enabled) return info;
    const method = enabled ? 'enableHost' : 'disableHost';
    const isDone = async () => (await hostInfo(host, signal)).enabled === enabled;
    await change({ method, params: [info.name] }, signal, isDone);
    return info;
  }

  async function setComment(host: HostName, info: HostInfo, comment: string, signal: AbortSignal) {
    if (commentOf(info) === comment) return;
    // disableHost takes no comment, so it is a call of its own.
    const params = [info.name, keywords({ comment })];
    const isDone = async () => commentOf(await hostInfo(host, signal)) === comment;
    await change({ method: 'editHost', params }, signal, isDone);
  }

  async function taskState(task: number, signal: AbortSignal): Promise<TaskState> {
    const state = await ask(MaybeTaskState, signal, 'getTaskInfo', task);
    if (state === null) throw unknownTask(session.hubName, task);
    return state;
  }

  return {
    async builder(host, signal) {
      return toBuilder(await hostInfo(host, signal));
    },
    async tasks(host, signal) {
      const { id } = await hostInfo(host, signal);
      const filter = { host_id: id, state: [...OUTSTANDING], decode: true };
      const tasks = await ask(TaskList, signal, 'listTasks', filter, { order: 'id' });
      return tasks.map(toBuildTask);
    },
    async outOfService(hosts, signal) {
      const all = await ask(HostList, signal, 'listHosts');
      const enabled = new Set(all.filter((info) => info.enabled).map(nameOf));
      // A host that koji does not have takes no work from it either.
      return hosts.filter((host) => !enabled.has(buildName(host)));
    },
    async mayRequeue(signal) {
      return (await ask(PermissionNames, signal, 'getPerms')).includes(MAY_FREE_TASKS);
    },
    async disable(host, comment, signal) {
      await setComment(host, await setEnabled(host, false, signal), comment, signal);
    },
    async enable(host, comment, signal) {
      await setComment(host, await setEnabled(host, true, signal), comment, signal);
    },
    async requeue(task, signal) {
      const before = await taskState(task, signal);
      if (!OUTSTANDING.includes(before.state)) return;
      const hasLeft = async () => leftHost(before, await taskState(task, signal));
      await change({ method: 'freeTask', params: [task] }, signal, hasLeft).catch(
        async (error: unknown) => {
          // Also what the hub says about a task that is free already: its check takes state 0 for none.
          if (isGenericFault(error) && (await hasLeft())) return;
          throw error;
        },
      );
    },
    async describe(signal) {
      const version = await ask(Version, signal, 'getKojiVersion');
      const user = await ask(LoggedInUser, signal, 'getLoggedInUser');
      const permissions = await ask(PermissionNames, signal, 'getPerms');
      const may = permissions.length > 0 ? permissions.toSorted().join(', ') : 'nothing';
      const who = user === null ? 'nobody' : `${user.name}${HOW[user.authtype] ?? ''}`;
      return `koji ${version} at ${session.hubName}, logged in as ${who}, may: ${may}`;
    },
  };
}

/**
 * Asked in the same session, so the hub answers after it has ended a call that it had begun: both lock the
 * session's row. When the look itself fails, the outcome stays unknown.
 */
async function looksDone(
  outcome: Exclude<ChangeOutcome, { kind: 'answered' }>,
  isDone: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await isDone();
  } catch {
    throw outcome.failure;
  }
}

function leftHost(before: TaskState, now: TaskState): boolean {
  return !OUTSTANDING.includes(now.state) || now.host_id !== before.host_id;
}

function toBuilder(info: HostInfo): Builder {
  return {
    enabled: info.enabled,
    comment: commentOf(info),
    ready: info.ready,
    checkedInAt: toMs(info.update_ts),
  };
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

function toMs(seconds: number | null | undefined): number | undefined {
  return seconds === null || seconds === undefined ? undefined : Math.round(seconds * 1000);
}

function commentOf(info: HostInfo): string {
  return info.comment ?? '';
}

function nameOf(info: HostInfo): string {
  return info.name;
}

function isGenericFault(error: unknown): boolean {
  const cause = error instanceof Failure ? error.cause : undefined;
  return cause instanceof KojiFault && cause.code === KOJI_FAULT.generic;
}

function unknownBuilder(hub: string, name: string, nearest: string | undefined): Failure {
  return new Failure({
    code: 'farm.unknown-builder',
    problem: `koji at ${hub} has no builder ${name}`,
    because: nearest ? `the nearest it has is ${nearest}` : 'and none with a similar name',
    effect: 'none',
    next: "Nothing was changed. Set the host's build name in the inventory to its name in koji.",
  });
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

function unreadable(hub: string, method: string, cause: z.ZodError): Failure {
  const [issue] = cause.issues;
  return new Failure({
    code: 'koji.unreadable',
    problem: `koji at ${hub} answered ${method} with something unexpected`,
    because: `${issue?.path.join('.') || 'the answer'}: ${issue?.message ?? 'not understood'}`,
    effect: 'none',
    next: 'Nothing was changed. Check with `signalbox check` that the address is that of a koji hub.',
    cause,
  });
}
