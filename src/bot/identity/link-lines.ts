import { identityState, type Link } from '../../jobs/identity/identity-state.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker } from '../command.ts';
import { addressedTo, directorySilent, strangerLines } from '../refusal.ts';

/** What is linked to the asker, and what waits for their word. */
export async function linkLines(asker: Asker, bot: Bot): Promise<Answered> {
  const { person, network, account = '' } = asker;
  if (person === undefined) {
    const found = await bot.directory.identify(network, account, 'cached');
    if (found.kind === 'unavailable') return { refused: [directorySilent(asker, found)] };
    return { refused: strangerLines(asker) };
  }
  const { links, offers } = identityState((await bot.identity.ledger.read()).entries);
  const own = links.filter((link) => link.person === person.id);
  const offer = offers.find((one) => one.person === person.id && bot.now() < one.until);
  const typed = offer?.typedBy;
  return [
    ...own.map((link) => lineOf(link, bot.now())),
    ...(typed === undefined
      ? []
      : [
          `${offer?.network} ${typed} typed your code; is that you? ${bot.prefix}identity confirm ${typed}`,
        ]),
    ...(own.length === 0 && typed === undefined
      ? [
          addressedTo(
            asker,
            `nothing is linked to ${person.id}. ${bot.prefix}identity link NETWORK`,
          ),
        ]
      : []),
  ];
}

function lineOf({ network, account, person, until }: Link, now: number): string {
  const when = now < until ? `until ${dayOf(until)}` : `no more since ${dayOf(until)}`;
  return `${network} ${account} is ${person} ${when}`;
}

/** `2027-05-20` */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
