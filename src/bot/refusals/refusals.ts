import type { RefusalEntry, Refused } from '../../jobs/refusals/refusal-entry.ts';
import type { Asker } from '../command.ts';
import { printable } from '../grammar/printable.ts';

const MOST_TYPED = 200;

/** What people were told no to, on record. */
export interface Refusals {
  write(refused: Refused): Promise<void>;
  newest(count: number): Promise<readonly RefusalEntry[]>;
}

/** As much of it as is worth keeping, and nothing that could do harm where it is shown. */
export function refusedOf(
  asker: Omit<Asker, 'note'>,
  because: string,
  typed: string,
  redact: (text: string) => string,
): Refused {
  const { network, channel, message, account, shown, person } = asker;
  const bounded = (text: string) => printable(redact(text), MOST_TYPED);
  return {
    network,
    channel,
    message: message.message,
    ...(account !== undefined && { account: bounded(account) }),
    shown,
    ...(person && { person: person.id }),
    typed: bounded(typed),
    because: bounded(because),
  };
}

/** `2026-11-18 14:05 kim was refused on irc/#ops: !reimage builder-07 · no rule grants it` */
export function refusalInWords({ at, refused, unwritten }: RefusalEntry): string {
  const { network, channel, person, account, shown, typed, because } = refused;
  const minute = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
  const who = person ?? (account === undefined ? `somebody called ${shown}` : `account ${account}`);
  const more = unwritten === undefined ? '' : ` · and ${unwritten} more before it`;
  return `${minute} ${who} was refused on ${network}/${channel}: ${typed} · ${because}${more}`;
}
