import type { Identified } from '../policies/directory.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork, MessageRef, Sender } from './chat-network.ts';
import type { Asker } from './command.ts';
import { printable } from './grammar/printable.ts';
import { unasked } from './refusal.ts';

/** Whom the directory could not be asked about is nobody, and `silent` says why. */
type Asking = Asker & { readonly silent?: Extract<Identified, { kind: 'unavailable' }> };

/** Whom the directory knows a sender as. */
export async function whoAsks(
  { directory, glass }: Pick<Bot, 'directory' | 'glass'>,
  { name }: Pick<ChatNetwork, 'name'>,
  { sender, ref }: { readonly sender: Sender; readonly ref: MessageRef },
): Promise<Asking> {
  const base = {
    account: sender.id,
    shown: shownAs(sender),
    network: name,
    channel: ref.channel,
    message: { network: name, message: ref.id },
  };
  if (sender.id === undefined) {
    const because = `${name} does not vouch for who you are`;
    return { ...base, person: undefined, unknown: { because, next: 'Log in there first.' } };
  }
  await glass.state();
  const found = await directory.identify(name, sender.id, 'cached');
  switch (found.kind) {
    case 'person':
      return { ...base, person: found.person };
    case 'nobody':
      return { ...base, person: undefined, unknown: found };
    case 'unavailable':
      return { ...base, person: undefined, silent: found, unknown: unasked(found) };
    default:
      return found satisfies never;
  }
}

/** What people see of a sender is shown back to them, never trusted, and never with control characters. */
export function shownAs({ shown }: Sender): string {
  return printable(shown, 64);
}
