import type { OperationThreads, ToldItem } from '../../jobs/ports/operation-threads.ts';
import { KEPT_TELLINGS, keptTelling, READ_AT_ONCE } from '../store/told-lines.ts';

/** What was told, until the process ends. */
export function memoryThreads(): OperationThreads {
  let count = 0;
  let items: readonly ToldItem[] = [];
  return {
    async tell(ref, step, telling) {
      count += 1;
      const item = { ...ref, step, cursor: String(count), ...keptTelling(telling) };
      items = [...items, item].slice(-KEPT_TELLINGS);
    },
    async after(zone, cursor, until = String(count)) {
      return items
        .filter((item) => item.zone === zone)
        .filter((item) => Number(item.cursor) > Number(cursor))
        .filter((item) => Number(item.cursor) <= Number(until))
        .slice(0, READ_AT_ONCE);
    },
  };
}
