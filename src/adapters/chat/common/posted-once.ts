import type { MessageRef, Outgoing } from '../../../bot/chat-network.ts';

const REMEMBERED = 1_000;

/** The latest messages by their key, so that the same thing is said once however often it is asked for. */
export interface PostedOnce {
  find(message: Pick<Outgoing, 'key' | 'channel'>): MessageRef | undefined;
  remember(message: Pick<Outgoing, 'key' | 'channel'>, ref: MessageRef): void;
}

export function postedOnce(): PostedOnce {
  const posted = new Map<string, MessageRef>();
  return {
    find: ({ key, channel }) => posted.get(`${channel} ${key}`),
    remember({ key, channel }, ref) {
      posted.set(`${channel} ${key}`, ref);
      const [oldest] = posted.keys();
      if (posted.size > REMEMBERED && oldest !== undefined) posted.delete(oldest);
    },
  };
}
