import { refuse } from '../../policies/decision.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker } from '../command.ts';
import { freshPerson } from '../fresh-person.ts';
import { addressedTo } from '../refusal.ts';
import { writeIdentity } from './write-identity.ts';

/** Takes back a person's own link, from wherever they are known; of several on one network the account says which. */
export async function unlink(
  network: string,
  account: string | undefined,
  asker: Asker,
  bot: Bot,
): Promise<Answered> {
  const person = await freshPerson(asker, bot);
  if ('refused' in person) return person;
  const { id } = person.known;
  return writeIdentity(asker, bot, ({ links }) => {
    const own = links.filter(
      (link) =>
        link.person === id &&
        link.network === network &&
        (account === undefined || link.account === account),
    );
    const [link, ...others] = own;
    const next = `${bot.prefix}identity lists what is linked to you.`;
    if (link === undefined) {
      return refuse(`no account on ${network} of that name is linked to ${id}`, next);
    }
    if (others.length > 0) {
      const names = own.map((one) => one.account).join(' or ');
      return refuse(`several accounts on ${network} are linked to ${id}`, `Name ${names}.`);
    }
    return {
      by: id,
      event: { kind: 'unlinked', person: id, network, account: link.account },
      says: [addressedTo(asker, `${network} ${link.account} is nobody's from now on`)],
    };
  });
}
