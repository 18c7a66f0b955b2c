import type { Directory, Identified } from '../../policies/directory.ts';
import type { ReadLedger } from '../ledger/read-ledger.ts';
import type { IdentityEvent } from './identity-event.ts';
import { identityState, type Link } from './identity-state.ts';

export interface LinkedDirectoryOptions {
  /** Without links. */
  readonly directory: () => Directory;
  readonly ledger: ReadLedger<IdentityEvent>;
  /** Milliseconds since 1970, by the store's clock. */
  readonly now: () => number;
}

/**
 * The directory, and for an account that nobody there has, the person who linked it. What a link and an entry claim for
 * different people belongs to nobody, and so does what several entries claim. While the directory cannot be asked, nobody
 * can say that no entry has the account, so links say nothing then.
 */
export function linkedDirectory({ directory, ledger, now }: LinkedDirectoryOptions): Directory {
  async function linkOf(network: string, account: string): Promise<Link | undefined> {
    const { links } = identityState((await ledger.read()).entries);
    return links.find((link) => link.network === network && link.account === account);
  }

  async function byLink(
    answer: Extract<Identified, { kind: 'nobody' }>,
    link: Link,
    freshness: Parameters<Directory['person']>[1],
  ): Promise<Identified> {
    if (answer.isTaken) return answer;
    if (now() < link.until) return directory().person(link.person, freshness);
    const over = new Date(link.until).toISOString().slice(0, 10);
    const because = `${answer.because}, and the link to ${link.person} was over on ${over}`;
    return { ...answer, because };
  }

  return {
    async identify(network, id, freshness) {
      const answering = directory().identify(network, id, freshness);
      const [answer, link] = await Promise.all([answering, linkOf(network, id)]);
      if (answer.kind === 'unavailable' || link === undefined) return answer;
      if (answer.kind === 'nobody') return byLink(answer, link, freshness);
      const isOther = now() < link.until && link.person !== answer.person.id;
      return isOther ? claimedByBoth(link, answer.person.id) : answer;
    },
    person: (id, freshness) => directory().person(id, freshness),
    membersOf: (group, freshness) => directory().membersOf(group, freshness),
  };
}

function claimedByBoth({ network, account, person }: Link, other: string): Identified {
  return {
    kind: 'nobody',
    isTaken: true,
    because: `${network} "${account}" is ${other}'s in the directory, and linked to ${person}`,
    next: `ask ${person} to take the link back with identity unlink, or have the directory corrected`,
  };
}
