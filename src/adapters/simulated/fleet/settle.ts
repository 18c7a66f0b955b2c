import { freeTask } from './build-system.ts';
import { noteCheckIn } from './check-in.ts';
import type { LabHost } from './lab-host.ts';
import { nextState } from './life-cycle.ts';
import type { LabTask, World } from './world.ts';

/** Lets everything happen that is due, each thing at its moment and in order. Nothing happens between two calls. */
export function settle(world: World, now: number): void {
  for (let due = earliest(world, now); due !== undefined; due = earliest(world, now)) {
    world.settledAt = Math.max(world.settledAt, due.at);
    due.happen();
  }
  world.settledAt = Math.max(world.settledAt, now);
  for (const host of world.hosts.values()) noteCheckIn(world, host);
}

interface Due {
  readonly at: number;
  readonly happen: () => void;
}

function earliest(world: World, now: number): Due | undefined {
  let first: Due | undefined;
  for (const due of allDue(world)) {
    if (due.at <= now && (first === undefined || due.at < first.at)) first = due;
  }
  return first;
}

function* allDue(world: World): Generator<Due> {
  for (const host of world.hosts.values()) {
    yield* processesOf(host);
    if (host.until !== undefined) yield { at: host.until, happen: () => nextState(world, host) };
  }
  for (const task of world.tasks.values()) {
    if (task.state !== 'open') continue;
    if (task.stalled) yield* releaseOf(world, task);
    else yield endOf(task);
  }
}

function* processesOf(host: LabHost): Generator<Due> {
  for (const process of host.processes) {
    const happen = () => {
      host.processes = host.processes.filter((each) => each !== process);
      process.result = process.finish();
    };
    yield { at: process.endsAt, happen };
  }
}

const HOST_TIMEOUT_MS = 15 * 60_000;

/** The hub gives up a silent builder after a while, and a disabled one never. */
function* releaseOf({ builders, hosts }: World, task: LabTask): Generator<Due> {
  const builder = builders.get(task.host ?? '');
  if (!builder?.enabled || hosts.get(builder.host)?.kojidSince !== undefined) return;
  yield { at: (builder.checkedInAt ?? 0) + HOST_TIMEOUT_MS, happen: () => freeTask(task) };
}

function endOf(task: LabTask): Due {
  const at = task.startedAt + task.lengthMs;
  const happen = () => {
    task.state = 'closed';
    task.completedAt = at;
  };
  return { at, happen };
}
