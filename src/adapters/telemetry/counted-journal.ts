import type { Journal } from '../../jobs/journal/journal.ts';
import { knownEvent } from '../../jobs/model/event.ts';
import type { Metrics } from './metrics.ts';

/** The journal of one process, which counts what that process requested and ended. */
export function countedJournal(journal: Journal, { requested, ended }: Metrics): Journal {
  return {
    ...journal,
    async append(ref, what) {
      const appended = await journal.append(ref, what);
      if (appended.kind !== 'ok') return appended;
      for (const event of appended.entries.map(knownEvent)) {
        if (event?.kind === 'requested') {
          requested.inc({ runbook: event.plan.runbook.name, zone: ref.zone });
        }
        if (event?.kind === 'ended') ended.inc({ zone: ref.zone, outcome: event.outcome });
      }
      return appended;
    },
  };
}
