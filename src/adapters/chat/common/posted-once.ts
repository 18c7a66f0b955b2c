import type { MessageRef, Outgoing } from '../../../bot/chat-network.ts';

const REMEMBERED = 1_000;

/** The latest messages by their key, so that the same thing is said once however often it is asked for. */
export interface PostedOnce {
  remember(message: Pick<Outgoing, 'key' | 'channel'>, ref: MessageRef): void;
  /** Says what is not remembered; whoever asks for the same meanwhile gets what comes of that. `say` remembers it. */
  once(message: Outgoing, say: (message: Outgoing) => Promise<MessageRef>): Promise<MessageRef>;
}

export function postedOnce(): PostedOnce {
  const posted = new Map<string, MessageRef>();
  const posting = new Map<string, Promise<MessageRef>>();
  return {
    remember(message, ref) {
      posted.set(nameOf(message), ref);
      const [oldest] = posted.keys();
      if (posted.size > REMEMBERED && oldest !== undefined) posted.delete(oldest);
    },
    async once(message, say) {
      const name = nameOf(message);
      const before = posted.get(name) ?? posting.get(name);
      if (before !== undefined) return before;
      const saying = say(message).finally(() => posting.delete(name));
      posting.set(name, saying);
      return saying;
    },
  };
}

function nameOf({ key, channel }: Pick<Outgoing, 'key' | 'channel'>): string {
  return `${channel} ${key}`;
}
