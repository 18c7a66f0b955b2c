import type { Person } from '../domain/inventory.ts';
import type { Bot } from './bot.ts';
import type { Asker, Reply } from './command.ts';
import { directorySilent, refusal, strangerLines } from './refusal.ts';

/** The person as network and directory have them now, past every cache: whoever changes something has to have the right now. */
export async function freshPerson(
  asker: Asker,
  { directory }: Pick<Bot, 'directory'>,
): Promise<{ readonly known: Person } | { readonly refused: Reply }> {
  const { person, network, account } = asker;
  if (person === undefined || account === undefined) return { refused: strangerLines(asker) };
  const there = await asker.anew?.();
  if (there !== undefined && there.id !== account) {
    return { refused: strangerLines({ ...asker, unknown: there.unknown ?? SOMEBODY_ELSE }) };
  }
  const found = await directory.identify(network, account, 'fresh');
  switch (found.kind) {
    case 'person':
      if (found.person.id === person.id) return { known: found.person };
      return { refused: strangerLines({ ...asker, unknown: SOMEBODY_ELSE }) };
    case 'nobody':
      return { refused: [refusal(asker, found)] };
    case 'unavailable':
      return { refused: [directorySilent(asker, found)] };
    default:
      return found satisfies never;
  }
}

const SOMEBODY_ELSE = {
  because: 'you are somebody else by now',
  next: 'Say it again.',
};
