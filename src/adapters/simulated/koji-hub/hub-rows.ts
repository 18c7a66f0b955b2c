import { encodeCall } from '../../infra/koji/encode-xml-rpc.ts';
import { XmlRpcDouble, type XmlRpcStruct } from '../../infra/koji/xml-rpc-value.ts';
import { HUB_TASK_STATES, type HubHost, type HubTask, type HubTaskState } from './hub-state.ts';

const USER_ID_BASE = 1000;

/** As `get_host` in kojihub/kojihub.py: ids are ints, capacity, load and times doubles. */
export function hostRow(host: HubHost): XmlRpcStruct {
  return {
    id: host.id,
    user_id: USER_ID_BASE + host.id,
    name: host.name,
    update_ts: seconds(host.checkedInAt),
    ready: host.ready,
    task_load: new XmlRpcDouble(host.taskLoad),
    arches: host.arches,
    capacity: new XmlRpcDouble(host.capacity),
    description: host.description ?? null,
    comment: host.comment ?? null,
    enabled: host.enabled,
  };
}

/** As `Task.fields` in kojihub/kojihub.py. */
export function taskRow(task: HubTask, ownerId: number): XmlRpcStruct {
  return {
    id: task.id,
    state: stateNumber(task.state),
    create_time: timeText(task.createdAt),
    create_ts: seconds(task.createdAt),
    start_time: timeText(task.startedAt),
    start_ts: seconds(task.startedAt),
    completion_time: timeText(task.completedAt),
    completion_ts: seconds(task.completedAt),
    channel_id: 1,
    host_id: task.hostId ?? null,
    parent: task.parent ?? null,
    label: null,
    waiting: task.waiting,
    awaited: null,
    owner: ownerId,
    method: task.method,
    arch: task.arch,
    priority: 20,
    weight: new XmlRpcDouble(1),
  };
}

/** What `listTasks` adds: the request as the XML it is stored as, unless it is asked to decode it. */
export function listedTaskRow(task: HubTask, ownerId: number, decode: boolean): XmlRpcStruct {
  const stored = encodeCall({ method: task.method, params: task.request });
  return {
    ...taskRow(task, ownerId),
    request: decode ? [...task.request] : stored,
    result: null,
    owner_name: task.owner,
    owner_type: 0,
  };
}

export function stateNumber(state: HubTaskState): number {
  return HUB_TASK_STATES.indexOf(state);
}

export function seconds(ms: number | undefined): XmlRpcDouble | null {
  return ms === undefined ? null : new XmlRpcDouble(ms / 1000);
}

/** Datetimes go out as strings with a space. Source: `Marshaller.dump_datetime` in kojihub/kojixmlrpc.py. */
export function timeText(ms: number | undefined): string | null {
  return ms === undefined
    ? null
    : new Date(ms).toISOString().replace('T', ' ').replace('Z', '+00:00');
}
