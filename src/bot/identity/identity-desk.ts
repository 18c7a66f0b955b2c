import type { IdentityEvent } from '../../jobs/identity/identity-event.ts';
import type { Ledger } from '../../jobs/ledger/write-ledger.ts';
import type { Directory } from '../../policies/directory.ts';

/** Where people link accounts of theirs. */
export interface IdentityDesk {
  readonly ledger: Ledger<IdentityEvent>;
  /** Without links and break-glass: links are not made of links. */
  readonly directory: Directory;
  /** Where people can be known. */
  readonly networks: () => readonly string[];
  /** How long a link lasts. */
  readonly lastsMs: () => number;
}
