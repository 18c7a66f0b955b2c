import type { Journal } from '../../src/jobs/journal/journal.ts';

/** A journal that also counts how often a worker has looked at an operation and let go of it. */
export function countLooks(journal: Journal): { journal: Journal; looks(): number } {
  let looks = 0;
  return {
    looks: () => looks,
    journal: {
      ...journal,
      async release(...lease) {
        await journal.release(...lease);
        looks += 1;
      },
    },
  };
}
