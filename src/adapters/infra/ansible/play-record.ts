import type {
  PlaybookEnd,
  PlaybookWatch,
  TaskReport,
} from '../../../jobs/ports/configuration-management.ts';
import { type HostStats, parsePlayEvent } from './play-event.ts';
import { crashed, cutOff, refused } from './run-failure.ts';
import type { RunTexts } from './run-texts.ts';
import type { RunExit } from './supervise.ts';
import { taskReport } from './task-report.ts';

export interface PlayRecord {
  /** One line of what our callback plugin writes. */
  take(line: string): void;
  /** What all of it means, once the program is over; `complaint` is what it said beside its events. */
  end(exit: RunExit, complaint: string): PlaybookEnd;
}

export interface PlayRecordOptions extends PlaybookWatch {
  readonly host: string;
  readonly file: string;
  readonly texts: RunTexts;
}

/** Exit codes alone say little: 4 is both an unreachable host and a playbook that cannot be read, and 0 also "no hosts matched". */
export function playRecord({ host, file, texts, onTask }: PlayRecordOptions): PlayRecord {
  let begun = false;
  let stats: ReadonlyMap<string, HostStats> | undefined;
  let broken: TaskReport | undefined;
  let reached = false;

  function note(report: TaskReport) {
    if (report.outcome === 'failed' || report.outcome === 'unreachable') broken = report;
    if (report.host === host && report.outcome !== 'unreachable') reached = true;
    onTask?.(report);
  }

  return {
    take(line) {
      const event = parsePlayEvent(line);
      if (event?.event === 'task') begun = true;
      if (event?.event === 'result') note(taskReport(event, texts));
      if (event?.event === 'stats') stats = new Map(Object.entries(event.hosts));
    },
    end(exit, complaint) {
      const run = { host, file, begun };
      if (exit.kind === 'stopped') throw cutOff(run, exit.because);
      const said = `ansible-playbook ended with ${exit.code ?? exit.signal}`;
      if (exit.code === null || exit.code === INTERRUPTED) throw cutOff(run, said);
      if (stats === undefined) {
        if (!begun && exit.code !== 0) throw refused(run, complaint || said);
        throw crashed(run, complaint || said);
      }
      const seen = [...stats.values()];
      if (seen.some(({ failures }) => failures > 0)) return failed(broken);
      if (seen.some(({ unreachable }) => unreachable > 0)) return unreachable(broken, reached);
      if (exit.code !== 0) throw crashed(run, complaint || said);
      return settled(stats.get(host));
    },
  };
}

/** As Ansible ends after Ctrl-C. */
const INTERRUPTED = 99;

function failed(broken: TaskReport | undefined): PlaybookEnd {
  const { task = 'a task', says = 'it did not say why' } = broken ?? {};
  return { kind: 'failed', task, because: says };
}

function unreachable(broken: TaskReport | undefined, midway: boolean): PlaybookEnd {
  return { kind: 'unreachable', because: broken?.says ?? 'it did not answer', midway };
}

function settled(stats: HostStats | undefined): PlaybookEnd {
  if (stats === undefined) return { kind: 'no-hosts-matched' };
  const { ok, changed, skipped } = stats;
  return { kind: changed > 0 ? 'changed' : 'ok', counts: { ok, changed, skipped } };
}
