import type { Journal } from '../../../src/jobs/journal/journal.ts';
import type { JournalEvent } from '../../../src/jobs/model/event.ts';

/** The place in an operation where a worker stands still, to be killed there. */
export interface StopAt {
  /** `recorded`: the store has it and the worker does not know. `unrecorded`: the store never hears of it. */
  readonly when: 'recorded' | 'unrecorded';
  readonly kind: 'step-started' | 'step-ended' | 'waiting';
  readonly step: string;
}

/** A journal over which the worker that uses it gets no further than that place. */
export function heldJournal(journal: Journal, stopAt: StopAt, held: () => void): Journal {
  const isThere = (event: JournalEvent) =>
    event.kind === stopAt.kind && 'step' in event && event.step === stopAt.step;

  async function standStill(): Promise<never> {
    held();
    return new Promise<never>(() => {});
  }

  return {
    ...journal,
    async append(ref, what) {
      const stops = what.events.some(isThere);
      if (stops && stopAt.when === 'unrecorded') return standStill();
      const appended = await journal.append(ref, what);
      return stops && appended.kind === 'ok' ? standStill() : appended;
    },
  };
}
