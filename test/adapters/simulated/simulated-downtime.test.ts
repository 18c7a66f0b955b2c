import {
  type DowntimeBoard,
  isQuiet,
  simulatedDowntime,
} from '../../../src/adapters/simulated/simulated-downtime.ts';
import { downtimeConformance } from '../../downtime-conformance.ts';

downtimeConformance('the simulated one', async () => {
  const board: DowntimeBoard = new Map();
  let now = Date.UTC(2026, 10, 18, 14, 0);
  return {
    worker: () => simulatedDowntime(board),
    isQuiet: async (host) => isQuiet(board, host, now),
    standing: async (host) =>
      [...(board.get(host)?.values() ?? [])].filter((until) => until > now).length,
    now: () => now,
    tick: () => {
      now += 500;
    },
    close: async () => undefined,
  };
});
