import type { Journal } from '../../src/jobs/journal/journal.ts';

/** A journal that also counts the operations that end through it. */
export function countEnded(journal: Journal): { journal: Journal; ended(): number } {
  let ended = 0;
  return {
    ended: () => ended,
    journal: {
      ...journal,
      async append(ref, what) {
        const appended = await journal.append(ref, what);
        const ends = what.events.some(({ kind }) => kind === 'ended');
        if (ends && appended.kind === 'ok') ended += 1;
        return appended;
      },
    },
  };
}
