import type { Sender } from '../../../bot/chat-network.ts';
import { printable } from '../../../bot/grammar/printable.ts';
import { parseUserId } from './user-id.ts';

const LONGEST_SHOWN = 64;

/**
 * Only the user id says who sent an event: their homeserver vouches for it, and only some homeservers count. A display name
 * is not even shown, since anybody may take that of somebody else.
 */
export function senderOf(userId: string, homeservers: readonly string[]): Sender {
  const user = parseUserId(userId);
  const shown = printable(userId, LONGEST_SHOWN);
  if (user === undefined) return { id: undefined, shown, unknown: ODD };
  const { localpart, server } = user;
  if (!homeservers.includes(server)) {
    return { id: undefined, shown, unknown: fromElsewhere(server, homeservers) };
  }
  return { id: userId, shown: homeservers.length === 1 ? localpart : shown };
}

const ODD = {
  because: 'your user id has characters that can be mistaken for others',
  next: 'Use an account with letters and digits.',
};

function fromElsewhere(server: string, homeservers: readonly string[]) {
  return {
    because: `your homeserver ${printable(server, LONGEST_SHOWN)} does not count here`,
    next: `Use an account of ${homeservers.join(' or ')}.`,
  };
}
