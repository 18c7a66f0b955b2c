import type { MessageRef, Outgoing } from '../../../bot/chat-network.ts';
import { placeOf } from './message-id.ts';

const REMEMBERED = 1_000;

/** Which messages stand in a thread, and in which: a thread hangs at its first message, never at a reply. */
export interface Threads {
  remember(id: string, thread: string | undefined): void;
  /** Where a message goes: into the thread that it names, or where it was asked. */
  of(message: Pick<Outgoing, 'thread' | 'to'>): string | undefined;
}

export function rememberThreads(): Threads {
  const known = new Map<string, string>();
  const under = (ref: MessageRef) => known.get(ref.id) ?? placeOf(ref)?.ts;
  return {
    remember(id, thread) {
      if (thread === undefined) return;
      known.set(id, thread);
      const [oldest] = known.keys();
      if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    },
    of: ({ thread, to }) => (thread ? under(thread) : to && known.get(to.id)),
  };
}
