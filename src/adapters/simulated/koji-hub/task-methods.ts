import { KOJI_FAULT, KojiFault } from '../../infra/koji/koji-fault.ts';
import type { XmlRpcStruct, XmlRpcValue } from '../../infra/koji/xml-rpc-value.ts';
import { badArguments, integer, struct } from './hub-arguments.ts';
import {
  assertPermission,
  generic,
  type HubCall,
  type HubMethod,
  hasPermission,
} from './hub-call.ts';
import { listedTaskRow, stateNumber, taskRow } from './hub-rows.ts';
import type { HubTask, HubTaskState } from './hub-state.ts';
import { userId } from './login-methods.ts';

const FINISHED: readonly HubTaskState[] = ['closed', 'canceled', 'failed'];

// Source: class Task, freeTask, cancelTask, getTaskInfo, listTasks in kojihub/kojihub.py.
export const TASK_METHODS: Readonly<Record<string, HubMethod>> = {
  getTaskInfo: {
    parameters: ['task_id', 'request?', 'strict?'],
    run: ({ task_id, request, strict }, call) => {
      if (!Array.isArray(task_id)) return taskInfo(task_id, request, strict, call);
      return task_id.map((id: XmlRpcValue) => taskInfo(id, request, strict, call));
    },
  },
  listTasks: { parameters: ['opts?', 'queryOpts?'], run: listTasks },
  getTaskDescendents: {
    parameters: ['task_id', 'request?'],
    run: ({ task_id }, call) => descendents(knownTask(task_id, call), call),
  },
  cancelTask: { parameters: ['task_id', 'recurse?'], run: cancelTask },
  freeTask: { parameters: ['task_id'], run: freeTask },
};

function freeTask({ task_id }: XmlRpcStruct, call: HubCall): null {
  assertPermission(call, 'admin');
  const task = knownTask(task_id, call);
  // The hub's own mistake: state 0 is taken for a task that does not exist.
  if (task.state === 'free') throw generic(`No such task: ${task.id}`);
  if (FINISHED.includes(task.state)) {
    throw generic(`Cannot free task ${task.id}, state is ${task.state.toUpperCase()}`);
  }
  call.wrote();
  call.state.freeTask(task.id);
  return null;
}

function cancelTask({ task_id, recurse }: XmlRpcStruct, call: HubCall): null {
  const task = knownTask(task_id, call);
  if (task.owner !== call.session?.user.name && !hasPermission(call.session, 'admin')) {
    throw new KojiFault(KOJI_FAULT.notAllowed, 'Cannot cancel task, not owner');
  }
  cancel(task, recurse !== false, call);
  return null;
}

function cancel(task: HubTask, recurse: boolean, call: HubCall): void {
  if (FINISHED.includes(task.state)) return;
  call.wrote();
  call.state.cancelTask(task.id);
  if (!recurse) return;
  for (const child of children(task, call)) cancel(child, true, call);
}

function listTasks(args: XmlRpcStruct, { state, users }: HubCall): XmlRpcValue {
  const filter = struct(args.opts, 'opts');
  const query = struct(args.queryOpts, 'queryOpts');
  const found = state
    .tasks()
    .filter((task) => isListed(task, filter))
    .toSorted((a, b) => a.id - b.id);
  if (query.countOnly === true) return found.length;
  const decode = filter.decode === true;
  return found.map((task) => listedTaskRow(task, userId(users, task.owner), decode));
}

function isListed(task: HubTask, filter: XmlRpcStruct): boolean {
  return (
    (!('state' in filter) || listOf(filter.state).includes(stateNumber(task.state))) &&
    (!('host_id' in filter) || isOrIn(task.hostId, filter.host_id)) &&
    (!('parent' in filter) || isOrIn(task.parent, filter.parent)) &&
    (!('method' in filter) || task.method === filter.method)
  );
}

/** `state IN 1` is no SQL: what is not a list reaches the database like that. */
function listOf(wanted: XmlRpcValue | undefined): readonly XmlRpcValue[] {
  if (Array.isArray(wanted) && wanted.length > 0) return wanted;
  const place = Array.isArray(wanted) ? ')' : String(wanted);
  throw new KojiFault(
    1,
    `<class 'psycopg2.errors.SyntaxError'>: syntax error at or near "${place}"`,
  );
}

function isOrIn(actual: number | undefined, wanted: XmlRpcValue | undefined): boolean {
  if (wanted === null) return actual === undefined;
  const numbers = Array.isArray(wanted) ? wanted : [wanted];
  return numbers.some((each) => integer(each, 'id') === actual);
}

function descendents(task: HubTask, call: HubCall): XmlRpcStruct {
  const below = children(task, call);
  const rows = below.map((child) => taskRow(child, userId(call.users, child.owner)));
  const deeper = below.map((child) => descendents(child, call));
  return Object.assign({ [String(task.id)]: rows }, ...deeper);
}

function children(task: HubTask, { state }: HubCall): readonly HubTask[] {
  return state.tasks().filter(({ parent }) => parent === task.id);
}

function taskInfo(
  id: XmlRpcValue | undefined,
  request: XmlRpcValue | undefined,
  strict: XmlRpcValue | undefined,
  call: HubCall,
): XmlRpcValue {
  const task = strict === true ? knownTask(id, call) : findTask(id, call);
  if (task === undefined) return null;
  const row = taskRow(task, userId(call.users, task.owner));
  return request === true ? { ...row, request: [...task.request] } : row;
}

function knownTask(id: XmlRpcValue | undefined, call: HubCall): HubTask {
  const task = findTask(id, call);
  if (task === undefined) throw generic(`No such task: ${id}`);
  return task;
}

function findTask(id: XmlRpcValue | undefined, { state }: HubCall): HubTask | undefined {
  if (typeof id !== 'number') throw badArguments(`Invalid type for value '${id}': ${typeof id}`);
  const wanted = integer(id, 'task_id');
  return state.tasks().find((task) => task.id === wanted);
}
