import type { BuildTask } from '../../ports/build-farm.ts';

/**
 * What keeps a builder from being free, without anything that changes from poll to poll: the journal grows only when
 * what is said changes.
 */
export function describeHeld(tasks: readonly BuildTask[]): string {
  const builds = tasks.filter((task) => !task.waitsForChildren);
  const parents = tasks.filter((task) => task.waitsForChildren);
  const said = [
    ...(builds.length === 0
      ? []
      : [`${count(builds, 'task')} to finish: ${list(builds, describeTask)}`]),
    ...(parents.length === 0 ? [] : [describeParents(parents, builds)]),
  ];
  return said.join(' · ');
}

/** A parent is a small process on its builder, and lost with it; what it waits for may build on the same one. */
function describeParents(parents: readonly BuildTask[], builds: readonly BuildTask[]): string {
  const where = builds.length === 0 ? ' elsewhere' : '';
  return `${count(parents, 'parent')} waiting for children${where}: ${list(parents, describeTask)}`;
}

/** E.g. `buildArch kernel, buildArch bash, and 3 more`. */
export function nameTasks(tasks: readonly BuildTask[]): string {
  return list(tasks, ({ label }) => label);
}

function count(tasks: readonly BuildTask[], noun: string): string {
  return `${tasks.length} ${noun}${tasks.length === 1 ? '' : 's'}`;
}

function list(tasks: readonly BuildTask[], say: (task: BuildTask) => string): string {
  const shown = tasks.slice(0, 3).map(say);
  const more = tasks.length > shown.length ? [`and ${tasks.length - shown.length} more`] : [];
  return [...shown, ...more].join(', ');
}

function describeTask({ label, startedAt, usualMs }: BuildTask): string {
  const since = startedAt === undefined ? 'not started' : `since ${clockTime(startedAt)} UTC`;
  const usual = usualMs === undefined ? '' : `, usually ${Math.ceil(usualMs / 60_000)} min`;
  return `${label} (${since}${usual})`;
}

export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
