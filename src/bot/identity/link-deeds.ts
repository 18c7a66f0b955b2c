import type { IdentityEvent } from '../../jobs/identity/identity-event.ts';
import type { LedgerEntry } from '../../jobs/ledger/ledger-entry.ts';
import type { Bot } from '../bot.ts';
import { dayOf } from './link-lines.ts';

export interface LinkDeed {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly line: string;
}

/** Who made which links and took them back, in order; about a person or an account, or all. */
export async function linkDeeds(
  about: string | undefined,
  { identity }: Pick<Bot, 'identity'>,
): Promise<readonly LinkDeed[]> {
  const { entries } = await identity.ledger.read();
  return entries.flatMap((entry) => deedAbout(entry, about));
}

function deedAbout(
  { at, by, event }: LedgerEntry<IdentityEvent>,
  about: string | undefined,
): readonly LinkDeed[] {
  if (event.kind !== 'linked' && event.kind !== 'unlinked') return [];
  const { person, network, account } = event;
  if (about !== undefined && about !== person && about !== account) return [];
  const minute = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const deed =
    event.kind === 'linked'
      ? `linked ${network} ${account} until ${dayOf(event.until)}`
      : `took the link of ${network} ${account} back`;
  return [{ at, line: `${minute} ${by} ${deed}` }];
}
