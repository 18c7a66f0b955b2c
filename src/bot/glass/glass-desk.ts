import type { Glass } from '../../jobs/glass/glass.ts';
import type { GlassEvent } from '../../jobs/glass/glass-event.ts';
import type { Ledger } from '../../jobs/ledger/write-ledger.ts';

/** The break-glass where people open and use it: the record is written here. */
export interface GlassDesk extends Glass {
  readonly ledger: Ledger<GlassEvent>;
}
