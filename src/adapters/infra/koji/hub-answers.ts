import * as z from 'zod';

// Only what we rely on; hubs send more. Source: `get_host` and `Task.fields` in kojihub/kojihub.py.

export const HostInfo = z.object({
  id: z.int(),
  name: z.string(),
  enabled: z.boolean(),
  ready: z.boolean(),
  comment: z.string().nullable(),
  /** Seconds since 1970. Absent from hubs that do not keep it. */
  update_ts: z.number().nullish(),
});
export type HostInfo = z.infer<typeof HostInfo>;

const TaskState = z.object({
  id: z.int(),
  state: z.int(),
  host_id: z.int().nullable(),
  owner: z.int().nullable(),
});
export type TaskState = z.infer<typeof TaskState>;

export const TaskInfo = TaskState.extend({
  method: z.string(),
  waiting: z.boolean().nullable(),
  start_ts: z.number().nullable(),
  /** The parameters, when the hub could decode them. */
  request: z.unknown(),
});
export type TaskInfo = z.infer<typeof TaskInfo>;

export const MaybeHostInfo = HostInfo.nullable();
export const HostList = z.array(HostInfo);
export const MaybeTaskState = TaskState.nullable();
export const MaybeTaskStates = z.array(MaybeTaskState);
export const TaskList = z.array(TaskInfo);
export const Version = z.string();
export const LoggedInUser = z
  .object({ id: z.int(), name: z.string(), authtype: z.int() })
  .nullable();
export const PermissionNames = z.array(z.string());

/** Source: `TASK_STATES` in koji/__init__.py. */
export const TASK_OPEN = 1;
export const TASK_ASSIGNED = 4;
