import { KEPT_REFUSALS, type RefusalStore } from '../../jobs/refusals/refusal-store.ts';

/** What was refused, for as long as the process lives. */
export function memoryRefusals(kept = KEPT_REFUSALS): RefusalStore {
  let texts: readonly string[] = [];
  return {
    newest: async (count) => texts.slice(-count),
    async append(last, text) {
      if (texts.at(-1) !== last) return false;
      texts = [...texts, text].slice(-kept);
      return true;
    },
  };
}
