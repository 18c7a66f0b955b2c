import type { Identified } from '../policies/directory.ts';
import type { Bot } from './bot.ts';
import type { ChatNetwork, MessageRef, Sender } from './chat-network.ts';
import type { Asker } from './command.ts';
import { printable } from './grammar/printable.ts';
import { unasked } from './refusal.ts';

/** Whom the directory could not be asked about is nobody, and `silent` says why. */
export type Asking = Asker & { readonly silent?: Extract<Identified, { kind: 'unavailable' }> };

/** What somebody was told no to, and why. */
export type Note = (asker: Asker, because: string) => void;

interface Incoming {
  readonly sender: Sender;
  readonly ref: MessageRef;
}

/** Whom the directory knows a sender as. */
export async function whoAsks(
  { directory, glass }: Pick<Bot, 'directory' | 'glass'>,
  { name }: Pick<ChatNetwork, 'name'>,
  { sender, ref }: Incoming,
  note: Note,
): Promise<Asking> {
  const base = askerOf({ sender, ref }, name);
  const asker = await identified(base, sender, { directory, glass, name });
  return { ...asker, note: (because) => note(asker, because) };
}

/** Somebody of whom nothing was looked up yet. */
export function askerOf({ sender, ref }: Incoming, network: string) {
  return {
    account: sender.id,
    shown: shownAs(sender),
    network,
    channel: ref.channel,
    message: { network, message: ref.id },
    ...(sender.anew && { anew: sender.anew }),
    person: undefined,
  };
}

async function identified(
  base: Asking,
  sender: Sender,
  { directory, glass, name }: Pick<Bot, 'directory' | 'glass'> & Pick<ChatNetwork, 'name'>,
): Promise<Asking> {
  if (sender.id === undefined) {
    const because = `${name} does not vouch for who you are`;
    const { unknown = { because, next: 'Log in there first.' } } = sender;
    return { ...base, unknown };
  }
  await glass.state();
  const found = await directory.identify(name, sender.id, 'cached');
  switch (found.kind) {
    case 'person':
      return { ...base, person: found.person };
    case 'nobody':
      return { ...base, unknown: found };
    case 'unavailable':
      return { ...base, silent: found, unknown: unasked(found) };
    default:
      return found satisfies never;
  }
}

/** What people see of a sender is shown back to them, never trusted, and never with control characters. */
export function shownAs({ shown }: Sender): string {
  return printable(shown, 64);
}
