import type { StepQuestion } from '../../model/prompt.ts';
import type { BuildTask, TaskRights } from '../../ports/build-farm.ts';
import { clockTime, describeHeld } from './held-tasks.ts';

export interface DrainFacts {
  readonly host: string;
  readonly held: readonly BuildTask[];
  /** The builder is heard no more; undefined while it checks in. */
  readonly silence: Silence | undefined;
  readonly rights: TaskRights;
  readonly mayReEnable: boolean;
}

export interface Silence {
  /** Milliseconds since 1970; undefined when it has never checked in. */
  readonly since: number | undefined;
}

/**
 * Builds are what there is to move away, and parents are left to end by themselves: put back into the queue they start
 * over. On a silent builder nothing ends by itself, and where only parents are left they are all that can be moved.
 */
export function movable(
  held: readonly BuildTask[],
  silence: Silence | undefined,
): readonly BuildTask[] {
  const builds = held.filter((task) => !task.waitsForChildren);
  return silence !== undefined || builds.length === 0 ? held : builds;
}

/** What somebody is asked about a builder that does not become free. */
export function drainQuestion(facts: DrainFacts): StepQuestion {
  return { question: questionOf(facts), options: optionsOf(facts) };
}

function questionOf({ host, held, silence, rights }: DrainFacts): string {
  const what = describeHeld(held);
  const lacking = rights.lacking === undefined ? '' : ` · no requeue: ${rights.lacking}`;
  if (silence === undefined) return `${host} still holds ${what}${lacking}`;
  const never = 'the build system frees nothing of a disabled builder';
  return `${host} ${describeSilence(silence)} and holds ${what} · ${never}${lacking}`;
}

function describeSilence({ since }: Silence): string {
  if (since === undefined) return 'has never checked in';
  return `has not checked in since ${clockTime(since)} UTC`;
}

function optionsOf({ held, silence, rights, mayReEnable }: DrainFacts): StepQuestion['options'] {
  const ids = movable(held, silence).map(({ id }) => id);
  const some = (allowed: readonly number[]) => ids.some((id) => allowed.includes(id));
  const requeue = some(rights.requeue);
  return [
    { word: 'wait', emoji: '⏳' },
    ...(requeue ? [{ word: 'requeue', emoji: '♻️' }] : []),
    // Whoever may requeue has no need to throw work away.
    ...(!requeue && some(rights.cancel) ? [{ word: 'cancel', emoji: '🗑️' }] : []),
    ...(silence !== undefined && mayReEnable ? [{ word: 're-enable', emoji: '🔌' }] : []),
    { word: 'abort', emoji: '↩️', does: 'rollback' },
  ];
}
