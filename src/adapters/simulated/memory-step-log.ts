import type { StepLog } from '../../jobs/ports/step-log.ts';
import { KEPT_LINES, linesOf } from '../store/log-lines.ts';

/** A step log that dies with the process. */
export function memoryStepLog(): StepLog {
  const logs = new Map<string, readonly string[]>();
  return {
    async write({ op, zone }, step, text) {
      const key = `${zone} ${op} ${step}`;
      logs.set(key, [...(logs.get(key) ?? []), ...linesOf(text)].slice(-KEPT_LINES));
    },
    async read({ op, zone }, step, lines) {
      const kept = logs.get(`${zone} ${op} ${step}`) ?? [];
      return lines > 0 ? kept.slice(-lines) : [];
    },
  };
}
