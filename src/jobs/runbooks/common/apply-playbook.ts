import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Playbook } from '../../../domain/inventory.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { PlaybookEnd, TaskReport } from '../../ports/configuration-management.ts';
import type { Telling } from '../../ports/operation-threads.ts';
import { taskLine, taskProgress } from './task-progress.ts';

export const PlaybookDone = z.strictObject({ ok: z.int(), changed: z.int(), skipped: z.int() });
type PlaybookDone = z.infer<typeof PlaybookDone>;

/**
 * Each task goes into the step's log as it ends, with what it changed; what the thread is told of it is short. Every end
 * but a good one is a Failure that names the task.
 */
export async function applyPlaybook(
  { ports, log, tell, signal }: StepContext<unknown>,
  host: HostName,
  playbook: Playbook,
): Promise<PlaybookDone> {
  const progress = taskProgress();
  const onTask = (report: TaskReport) => {
    log(withDiff(report));
    tellUnlessNothing(progress.of(report));
  };
  const tellUnlessNothing = (telling: Telling | undefined) => telling && tell(telling);
  const end = await ports.configuration.apply(host, playbook, { onTask }, signal);
  tellUnlessNothing(progress.rest());
  if (end.kind === 'ok' || end.kind === 'changed') return end.counts;
  throw failureOf(end, host, playbook);
}

function withDiff(report: TaskReport): string {
  const line = taskLine(report);
  return report.diff === undefined ? line : `${line}\n${report.diff}`;
}

function failureOf(
  end: Exclude<PlaybookEnd, { kind: 'ok' | 'changed' }>,
  host: HostName,
  { file }: Playbook,
): Failure {
  switch (end.kind) {
    case 'failed':
      return new Failure({
        code: 'configure.playbook-failed',
        problem: host,
        because: `${file}: ${end.task}: ${end.because}`,
        effect: 'none',
        next: `Mend it on ${host}; retry runs ${file} again. A commit where it is mended needs an approval of its own.`,
      });
    case 'unreachable':
      return new Failure({
        code: 'configure.playbook-unreachable',
        problem: host,
        because: `${file}: ${end.because}`,
        // The task that it was lost in may still be running there.
        effect: end.midway ? 'unknown' : 'none',
        next: `See that ${host} answers; retry runs ${file} again.`,
      });
    case 'no-hosts-matched':
      return new Failure({
        code: 'configure.playbook-not-for-host',
        problem: host,
        because: `no play of ${file} is meant for it`,
        effect: 'none',
        next: `Look at the hosts: of its plays; signalbox inventory --list has the groups of ${host}.`,
      });
    default:
      return end satisfies never;
  }
}
