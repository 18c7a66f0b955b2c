import type { Person } from '../../domain/inventory.ts';
import type { Bot } from '../bot.ts';
import type { Asker, Reply } from '../command.ts';
import { directorySilent, refusal } from '../refusal.ts';

/** The person whom the directory itself has the asker's account for, past every cache. */
export async function knownByDirectory(
  asker: Asker,
  { identity }: Pick<Bot, 'identity'>,
): Promise<{ readonly known: Person } | { readonly refused: Reply }> {
  const { network, account = '' } = asker;
  const found = await identity.directory.identify(network, account, 'fresh');
  switch (found.kind) {
    case 'person':
      return { known: found.person };
    case 'unavailable':
      return { refused: [directorySilent(asker, found)] };
    case 'nobody': {
      const because = `links are made from an account that the directory knows: ${found.because}`;
      const next = 'Type it on a network where it knows you.';
      return { refused: [refusal(asker, { because, next })] };
    }
    default:
      return found satisfies never;
  }
}
