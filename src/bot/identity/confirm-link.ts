import type { UserId } from '../../domain/ids.ts';
import {
  type IdentityState,
  identityState,
  type Link,
  type Offer,
} from '../../jobs/identity/identity-state.ts';
import { type Refusal, refuse } from '../../policies/decision.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker } from '../command.ts';
import { addressedTo, directorySilent, refusal } from '../refusal.ts';
import { knownByDirectory } from './known-by-directory.ts';
import { dayOf } from './link-lines.ts';
import { writeIdentity } from './write-identity.ts';

/**
 * Makes the link. The person names the account: whoever saw the code in a channel and typed it first would be another one.
 */
export async function confirmLink(account: string, asker: Asker, bot: Bot): Promise<Answered> {
  const person = await knownByDirectory(asker, bot);
  if ('refused' in person) return person;
  const { id } = person.known;
  const { offers } = identityState((await bot.identity.ledger.read()).entries);
  const network = offers.find((offer) => offer.person === id)?.network ?? '';
  const found = await bot.identity.directory.identify(network, account, 'fresh');
  if (found.kind === 'unavailable') return { refused: [directorySilent(asker, found)] };
  if (found.kind === 'person') {
    const because = `${network} ${account} is ${found.person.id}'s in the directory`;
    return { refused: [refusal(asker, { because, next: 'Have the directory corrected.' })] };
  }
  if (found.isTaken) return { refused: [refusal(asker, found)] };
  return writeIdentity(asker, bot, (state) => {
    const offer = offerFor({ person: id, network, account }, state, bot);
    if ('kind' in offer) return offer;
    const until = bot.now() + bot.identity.lastsMs();
    return {
      by: id,
      event: { kind: 'linked', person: id, network: offer.network, account, until },
      says: [
        addressedTo(
          asker,
          `${offer.network} ${account} is ${id} from now on, until ${dayOf(until)}`,
        ),
      ],
    };
  });
}

interface Meant {
  readonly person: UserId;
  readonly network: string;
  readonly account: string;
}

/** The person's offer, if that account typed its code, and it is nobody else's. */
function offerFor(
  { person, network, account }: Meant,
  { offers, links }: IdentityState,
  { now, prefix }: Bot,
): Offer | Refusal {
  const offer = offers.find((one) => one.person === person && one.network === network);
  const again = `Begin anew: ${prefix}identity link ${network || 'NETWORK'}.`;
  if (offer?.typedBy === undefined) {
    return refuse('nobody has typed a code of yours yet', again);
  }
  if (offer.typedBy !== account) {
    return refuse(`it was ${offer.typedBy} who typed your code, and not ${account}`, again);
  }
  if (now() >= offer.until) return refuse('the time for your code is over', again);
  const other = links.find((link) => isOf(link, { person, network, account }));
  if (other === undefined || now() >= other.until) return offer;
  return refuse(
    `${network} ${account} is linked to ${other.person}`,
    `Ask ${other.person} to take that back first: ${prefix}identity unlink ${network}.`,
  );
}

/** Somebody else has the account. */
function isOf(link: Link, { person, network, account }: Meant): boolean {
  return link.network === network && link.account === account && link.person !== person;
}
