import { Failure } from '../../../domain/failure.ts';
import type { HostName } from '../../../domain/ids.ts';
import type { Playbook } from '../../../domain/inventory.ts';
import { digestOf } from '../../model/plan.ts';
import type { Show } from '../../model/runbook.ts';
import type {
  ConfigurationReads,
  PlaybookEnd,
  TaskReport,
} from '../../ports/configuration-management.ts';
import type { Change, Preview } from './facts.ts';

/** A plan is read by people: it names so many, and counts the others. */
const NAMED = 20;
const FILES_NAMED = 5;
const LONGEST_NAME = 200;

export interface PreviewOf {
  readonly host: HostName;
  readonly playbook: Playbook;
}

/** What the playbook would change there now. A Failure says why that cannot be told. */
export async function previewPlaybook(
  configuration: ConfigurationReads,
  { host, playbook }: PreviewOf,
  signal: AbortSignal,
  show: Show,
): Promise<Preview> {
  const reports: TaskReport[] = [];
  const watch = { onTask: (report: TaskReport) => reports.push(report) };
  const end = await configuration.preview(host, playbook, watch, signal).catch((problem) => {
    throw signal.aborted ? cutOff(host, playbook, problem) : problem;
  });
  if (end.kind !== 'ok' && end.kind !== 'changed') throw notPreviewed(end, host, playbook);
  for (const report of reports) showChange(report, show);
  return previewFrom(reports);
}

function showChange({ outcome, task, says, diff }: TaskReport, show: Show): void {
  if (outcome === 'changed')
    show(`would change: ${task}\n${diff ?? says ?? 'it does not say what'}`);
}

function previewFrom(reports: readonly TaskReport[]): Preview {
  const changed = reports.filter(({ outcome }) => outcome === 'changed');
  const unseen = reports.filter((report) => report.unseen);
  const digests = changed.map(({ task, change }) => ({ task, digest: change?.digest ?? null }));
  return {
    changes: changed.slice(0, NAMED).map(changeOf),
    changed: changed.length,
    digest: digestOf({ changed: digests, unseen: unseen.map(({ task }) => task) }),
    unseen: unseen.length,
    unseenTasks: unseen.slice(0, NAMED).map(({ task }) => shorten(task)),
    restarts: [...changed, ...unseen].some(({ restarts }) => restarts),
  };
}

function changeOf({ task, change }: TaskReport): Change {
  const { files = [], added = 0, removed = 0 } = change ?? {};
  const named = files.slice(0, FILES_NAMED).map(shorten);
  const others = files.length - named.length;
  const more = others > 0 ? [`${others} more`] : [];
  return { task: shorten(task), files: [...named, ...more], added, removed };
}

function shorten(text: string): string {
  return text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME).toWellFormed()}…`;
}

function cutOff(host: HostName, { file }: Playbook, cause: unknown): Failure {
  return new Failure({
    code: 'configure.preview-cut-off',
    problem: `what would change on ${host} is not known`,
    because: `the preview of ${file} took too long, or was told to stop`,
    effect: 'none',
    next: `See that ${host} answers as quickly as it should, then ask again.`,
    cause,
  });
}

function notPreviewed(
  end: Exclude<PlaybookEnd, { kind: 'ok' | 'changed' }>,
  host: HostName,
  { file }: Playbook,
): Failure {
  const problem = `what would change on ${host} is not known`;
  switch (end.kind) {
    case 'failed':
      return new Failure({
        code: 'configure.preview-failed',
        problem,
        because: `${file}: ${end.task}: ${end.because}`,
        effect: 'none',
        next: `Mend it on ${host} or in ${file}. A task that fails only in a preview, because it needs what a command before it says, wants check_mode: false there or "when: not ansible_check_mode" here.`,
      });
    case 'unreachable':
      return new Failure({
        code: 'configure.preview-unreachable',
        problem,
        because: end.because,
        effect: 'none',
        next: `See that ${host} answers, then ask again.`,
      });
    case 'no-hosts-matched':
      return new Failure({
        code: 'configure.playbook-not-for-host',
        problem,
        because: `no play of ${file} is meant for it`,
        effect: 'none',
        next: `Look at the hosts: of its plays; signalbox inventory --list has the groups of ${host}.`,
      });
    default:
      return end satisfies never;
  }
}
