import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { LedgerOptions } from '../ledger/read-ledger.ts';
import type { Trust } from '../signing/trust.ts';
import { IdentityEvent } from './identity-event.ts';

/** Where links are on record. */
export function identityLedger(store: LedgerStore, trust: Trust): LedgerOptions<IdentityEvent> {
  return { name: 'identity', store, event: IdentityEvent, trust };
}
