/** What is on record beside the operations. */
export type LedgerName = 'glass' | 'identity';

/** Keeps the texts of ledgers in order, and takes nothing for true. */
export interface LedgerStore {
  /** From the entry `from` (0 is the first) to the end. */
  read(ledger: LedgerName, from: number): Promise<readonly string[]>;
  /** False, and nothing happened, unless the ledger has `seq` entries. Durable when it returns. */
  append(ledger: LedgerName, seq: number, text: string): Promise<boolean>;
}
