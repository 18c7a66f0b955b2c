import { refuse } from '../../policies/decision.ts';
import type { Bot } from '../bot.ts';
import type { Answered, Asker } from '../command.ts';
import { directorySilent, refusal } from '../refusal.ts';
import { digestOfCode } from './link-code.ts';
import { writeIdentity } from './write-identity.ts';

/** Notes which account typed a code. That gives it nothing yet: the person has to say that it is theirs. */
export async function typeCode(code: string, asker: Asker, bot: Bot): Promise<Answered> {
  const { network, account = '' } = asker;
  const found = await bot.identity.directory.identify(network, account, 'fresh');
  if (found.kind === 'unavailable') return { refused: [directorySilent(asker, found)] };
  if (found.kind === 'person') {
    const because = `the directory knows ${network} ${account} as ${found.person.id} already`;
    return { refused: [refusal(asker, { because, next: 'Nothing more to do.' })] };
  }
  if (found.isTaken) return { refused: [refusal(asker, found)] };
  const digest = digestOfCode(code);
  return writeIdentity(asker, bot, ({ offers }) => {
    const offer = offers.find((one) => one.code === digest && one.network === network);
    if (offer === undefined || bot.now() >= offer.until || offer.typedBy !== undefined) {
      const because = `that is no code for ${network}, or it was used, or its time is over`;
      return refuse(
        because,
        `Get another where you are known: ${bot.prefix}identity link ${network}.`,
      );
    }
    const { person } = offer;
    return {
      by: 'engine',
      event: { kind: 'typed', code: digest, network, account },
      says: [
        `${asker.shown}: now ${person} says that this is theirs, where the code came from: ${bot.prefix}identity confirm ${account}`,
      ],
    };
  });
}
