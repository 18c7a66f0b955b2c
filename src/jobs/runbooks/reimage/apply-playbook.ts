import * as z from 'zod';
import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Playbook } from '../../../domain/inventory.ts';
import type { StepContext } from '../../model/runbook.ts';
import type { PlaybookEnd, TaskReport } from '../../ports/configuration-management.ts';

export const PlaybookDone = z.strictObject({ ok: z.int(), changed: z.int(), skipped: z.int() });
type PlaybookDone = z.infer<typeof PlaybookDone>;

/** Each task goes into the step's log as it ends. Every end but a good one is a Failure that names the task. */
export async function applyPlaybook(
  { ports, log, signal }: StepContext<unknown>,
  host: HostName,
  playbook: Playbook,
): Promise<PlaybookDone> {
  const onTask = (report: TaskReport) => log(lineOf(report));
  const end = await ports.configuration.apply(host, playbook, { onTask }, signal);
  if (end.kind === 'ok' || end.kind === 'changed') return end.counts;
  throw failureOf(end, host, playbook);
}

function lineOf({ outcome, task, says, diff }: TaskReport): string {
  const line = `${outcome}: ${task}${says === undefined ? '' : `: ${says}`}`;
  return diff === undefined ? line : `${line}\n${diff}`;
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
        next: `Mend it on ${host}, or name a commit in the inventory where it is mended; retry runs ${file} again.`,
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
