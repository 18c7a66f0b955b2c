import { type LabBuilder, type LabTask, record, type World } from './world.ts';

/** Takes work, or takes none. What is so already changes nothing and is no effect. */
export function setEnabled(world: World, builder: LabBuilder, enabled: boolean): void {
  if (builder.enabled === enabled) return;
  builder.enabled = enabled;
  record(world, { host: builder.host, kind: enabled ? 'enable' : 'disable' });
}

/** Back into the queue. A task that is finished or free already stays as it is. */
export function requeueTask(world: World, task: LabTask): void {
  if (task.state !== 'open') return;
  record(world, { host: task.host ?? '', kind: 'requeue', detail: String(task.id) });
  freeTask(task);
}

/** As the build system does by itself with a task of a builder that is gone. */
export function freeTask(task: LabTask): void {
  task.state = 'free';
  task.host = undefined;
}

export function cancelTask(world: World, task: LabTask): void {
  if (task.state !== 'open' && task.state !== 'free') return;
  record(world, { host: task.host ?? '', kind: 'cancel', detail: String(task.id) });
  task.state = 'canceled';
  task.completedAt = world.settledAt;
}

export function setComment(world: World, builder: LabBuilder, comment: string): void {
  if (builder.comment === comment) return;
  builder.comment = comment;
  record(world, { host: builder.host, kind: 'comment', detail: comment });
}
