import type { BreakGlass, GlassState } from '../../policies/break-glass.ts';
import { glassRule } from '../../policies/break-glass.ts';
import type { Rule } from '../../policies/rule.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { LedgerOptions, ReadLedger } from '../ledger/read-ledger.ts';
import type { Trust } from '../signing/trust.ts';
import { GlassEvent } from './glass-event.ts';
import { glassState } from './glass-state.ts';

/** Where it is on record. */
export function glassLedger(store: LedgerStore, trust: Trust): LedgerOptions<GlassEvent> {
  return { name: 'glass', store, event: GlassEvent, trust };
}

export interface GlassOptions {
  /** As it is configured now; undefined where there is none. */
  readonly configured: () => BreakGlass | undefined;
  readonly ledger: ReadLedger<GlassEvent>;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
}

/** The break-glass of an installation, as far as anybody has to know of it who decides. */
export interface Glass {
  readonly configured: () => BreakGlass | undefined;
  /** As the record says now. */
  state(): Promise<GlassState>;
  /** Whether it was open when somebody last looked. */
  wasOpen(): boolean;
  /** What it grants; nothing where it was closed when somebody last looked. */
  rules(): readonly Rule[];
}

export function readGlass({ configured, ledger, now }: GlassOptions): Glass {
  let last: GlassState = { kind: 'closed' };
  const wasOpen = () => last.kind === 'open' && now() < last.until;

  async function look(): Promise<GlassState> {
    const glass = configured();
    if (glass === undefined) return { kind: 'closed' };
    const { entries } = await ledger.read();
    return glassState(entries, glass, now());
  }

  return {
    configured,
    wasOpen,
    async state() {
      last = await look();
      return last;
    },
    rules() {
      const glass = configured();
      return glass !== undefined && wasOpen() ? [glassRule(glass)] : [];
    },
  };
}
