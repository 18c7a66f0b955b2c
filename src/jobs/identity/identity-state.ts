import type { UserId } from '../../domain/ids.ts';
import type { LedgerEntry } from '../ledger/ledger-entry.ts';
import type { IdentityEvent } from './identity-event.ts';

export interface Link {
  readonly person: UserId;
  readonly network: string;
  readonly account: string;
  /** Milliseconds since 1970; from then on it is none. */
  readonly until: number;
}

export interface Offer {
  readonly person: UserId;
  readonly network: string;
  /** SHA-256 of the code. */
  readonly code: string;
  readonly until: number;
  /** The account that typed it. It was used with that, whoever that was. */
  readonly typedBy?: string;
}

export interface IdentityState {
  /** Also those whose time is over. */
  readonly links: readonly Link[];
  /** One for each person at the most. */
  readonly offers: readonly Offer[];
}

const NOTHING: IdentityState = { links: [], offers: [] };

/** A pure fold over what counts of the record. */
export function identityState(entries: readonly LedgerEntry<IdentityEvent>[]): IdentityState {
  return entries.reduce((state, { event, at }) => after(state, event, at), NOTHING);
}

function after({ links, offers }: IdentityState, event: IdentityEvent, at: number): IdentityState {
  switch (event.kind) {
    case 'offered': {
      const { kind: _, ...offer } = event;
      return { links, offers: [...withoutOffer(offers, event.person), offer] };
    }
    case 'typed':
      return { links, offers: offers.map((offer) => typed(offer, event, at)) };
    case 'linked': {
      const { kind: _, ...link } = event;
      return {
        links: [...withoutLink(links, event), link],
        offers: withoutOffer(offers, event.person),
      };
    }
    case 'unlinked':
      return { links: withoutLink(links, event), offers };
    default:
      return event satisfies never;
  }
}

/** The first who types it in time has used it up. */
function typed(
  offer: Offer,
  { code, network, account }: Extract<IdentityEvent, { kind: 'typed' }>,
  at: number,
): Offer {
  const isMeant = offer.code === code && offer.network === network && at < offer.until;
  return isMeant && offer.typedBy === undefined ? { ...offer, typedBy: account } : offer;
}

function withoutOffer(offers: readonly Offer[], person: UserId): readonly Offer[] {
  return offers.filter((offer) => offer.person !== person);
}

/** An account is one person's at the most. */
function withoutLink(
  links: readonly Link[],
  { network, account }: Pick<Link, 'network' | 'account'>,
): readonly Link[] {
  return links.filter((link) => link.network !== network || link.account !== account);
}
