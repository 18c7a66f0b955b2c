import { refuse } from '../../policies/decision.ts';
import { listOr } from '../../policies/membership.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker } from '../command.ts';
import { addressedTo } from '../refusal.ts';
import { knownByDirectory } from './known-by-directory.ts';
import { digestOfCode, newLinkCode } from './link-code.ts';
import { writeIdentity } from './write-identity.ts';

const TYPED_WITHIN_MS = 10 * 60_000;
/** A person gets so many codes in that time. */
const MOST_OFFERS = 5;

/** Gives a person a code, which an account on another network types there. */
export async function offerLink(network: string, asker: Asker, bot: Bot): Promise<Answered> {
  const person = await knownByDirectory(asker, bot);
  if ('refused' in person) return person;
  const { id } = person.known;
  const code = newLinkCode();
  const { entries } = await bot.identity.ledger.read();
  const recent = entries.filter(
    ({ by, at, event }) =>
      by === id && event.kind === 'offered' && bot.now() < at + TYPED_WITHIN_MS,
  );
  return writeIdentity(asker, bot, () => {
    const networks = bot.identity.networks();
    if (!networks.includes(network)) {
      return refuse(`there is no network ${network} here`, `Name ${listOr(networks)}.`);
    }
    if (recent.length >= MOST_OFFERS) {
      return refuse(`${id} got ${recent.length} codes in 10 minutes`, 'Wait a while.');
    }
    const until = bot.now() + TYPED_WITHIN_MS;
    const { prefix } = bot;
    return {
      by: id,
      event: { kind: 'offered', person: id, network, code: digestOfCode(code), until },
      says: [
        addressedTo(
          asker,
          `within 10 min, on ${network}, from the account that is yours: ${prefix}identity code ${code} · then here: ${prefix}identity confirm ACCOUNT`,
        ),
      ],
    };
  });
}
