import type { IdentityEvent } from '../../jobs/identity/identity-event.ts';
import { type IdentityState, identityState } from '../../jobs/identity/identity-state.ts';
import type { Author } from '../../jobs/model/event.ts';
import type { Refusal } from '../../policies/decision.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker, Reply } from '../command.ts';
import { addressedTo, refusal } from '../refusal.ts';

const MOST_TRIES = 10;

export interface Decided {
  readonly event: IdentityEvent;
  readonly by: Author;
  readonly says: Reply;
}

/** Decides on the record as it is, and writes what was decided on just that; again when it has moved meanwhile. */
export async function writeIdentity(
  asker: Asker,
  { identity }: Pick<Bot, 'identity'>,
  decide: (state: IdentityState) => Decided | Refusal,
): Promise<Answered> {
  for (let turn = 0; turn < MOST_TRIES; turn += 1) {
    const content = await identity.ledger.read();
    const decided = decide(identityState(content.entries));
    if ('kind' in decided) return { refused: [refusal(asker, decided)] };
    const { event, by, says } = decided;
    if (await identity.ledger.append({ by, source: asker.message, event }, content)) return says;
  }
  return {
    refused: [addressedTo(asker, 'links change faster than they can be written; try again')],
  };
}
