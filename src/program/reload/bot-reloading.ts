import type { Reloading } from '../../bot/reloading.ts';
import type { Program } from '../program.ts';
import { zonesOf } from '../zones-of.ts';
import { askWorkers, differingWorkers } from './ask-workers.ts';

const WORKERS_ANSWER_WITHIN_MS = 5_000;

/** What the bot's commands may reload: this program, and the workers of every zone that it knows now. */
export function botReloading(program: Program): Reloading {
  const { reloadRequests: requests, now } = program;
  const zones = () => zonesOf(program.configuration);
  return {
    here: (by) => program.reload(`!reload of ${by}`),
    elsewhere: () =>
      askWorkers({ requests, zones: zones(), now, patienceMs: WORKERS_ANSWER_WITHIN_MS }),
    differing: () => {
      const { revision } = program.configuration.inventory;
      return differingWorkers({ requests, zones: zones(), now }, revision);
    },
  };
}
