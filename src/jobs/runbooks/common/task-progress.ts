import type { TaskReport } from '../../ports/configuration-management.ts';
import type { Telling } from '../../ports/operation-threads.ts';

/** So many tasks that changed something are told one by one. */
const MOST_LISTED = 60;
/** So many tasks go by without a word. */
const QUIET = 25;

export interface TaskProgress {
  /** What is told of a task as it ends; mostly nothing. */
  of(report: TaskReport): Telling | undefined;
  /** What was counted since and not told. */
  rest(): Telling | undefined;
}

/** Tasks that changed nothing are counted, all others are listed, and of very many only those that failed. */
export function taskProgress(): TaskProgress {
  let quiet = 0;
  let listed = 0;
  let unlisted = 0;

  /** `12 tasks unchanged, 3 more changed`, and counts anew. */
  function counted(): string {
    const parts = [
      quiet > 0 && tasks(quiet, 'unchanged'),
      unlisted > 0 && `${unlisted} more changed`,
    ];
    quiet = 0;
    unlisted = 0;
    return parts.filter((part) => part).join(', ');
  }

  function list(report: TaskReport): Telling {
    listed += 1;
    const before = counted();
    return { line: `${before && `${before}; `}${taskLine(report)}`, important: isBad(report) };
  }

  return {
    of(report) {
      if (isBad(report)) return list(report);
      const isNews = report.outcome === 'changed' || report.outcome === 'ignored';
      if (isNews && listed < MOST_LISTED) return list(report);
      if (isNews) unlisted += 1;
      else quiet += 1;
      return quiet + unlisted >= QUIET ? { line: `${counted()}, at: ${report.task}` } : undefined;
    },
    rest() {
      const line = counted();
      return line === '' ? undefined : { line };
    },
  };
}

/** `changed: write motd`, with what the task said of itself. */
export function taskLine({ outcome, task, says }: TaskReport): string {
  return `${outcome}: ${task}${says === undefined ? '' : `: ${says}`}`;
}

function isBad({ outcome }: TaskReport): boolean {
  return outcome === 'failed' || outcome === 'unreachable';
}

function tasks(count: number, what: string): string {
  return `${count} ${count === 1 ? 'task' : 'tasks'} ${what}`;
}
