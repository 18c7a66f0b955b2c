import type { LedgerName, LedgerStore } from '../../jobs/ledger/ledger-store.ts';

/** Ledgers that nobody else sees. */
export function memoryLedgers(): LedgerStore {
  const kept = new Map<LedgerName, readonly string[]>();
  return {
    read: async (ledger, from) => (kept.get(ledger) ?? []).slice(from),
    async append(ledger, seq, text) {
      const texts = kept.get(ledger) ?? [];
      if (texts.length !== seq) return false;
      kept.set(ledger, [...texts, text]);
      return true;
    },
  };
}
