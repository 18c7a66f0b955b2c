import type { Journal } from '../../jobs/journal/journal.ts';
import { endOfOperation } from '../feed/end-of-operation.ts';
import { type Follower, followFeed } from '../feed/follow-feed.ts';
import type { Durations } from './durations.ts';
import { learnedFrom } from './learned-from.ts';

export interface LearnerOptions {
  readonly journal: Journal;
  readonly durations: Durations;
  /** How many nominal milliseconds pass in one real one; 1 outside the lab. */
  readonly timeScale: number;
  readonly report: (problem: unknown) => void;
}

/** Notes how long the steps of each operation took once it has ended; at first those of all that ended before. */
export function startLearner({ journal, durations, timeScale, report }: LearnerOptions): Follower {
  const endOf = endOfOperation(journal);
  return followFeed({
    journal,
    reader: 'learner',
    async handle(item) {
      const ended = await endOf(item);
      const samples = ended === undefined ? [] : learnedFrom(ended, timeScale);
      if (samples.length === 0) return 'passed over';
      await durations.record(samples);
      return 'handled';
    },
    report,
  });
}
